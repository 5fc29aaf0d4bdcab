// Finding and replacing cards in the tree; untouched branches keep their identity.

import type { Anchor, Card, CardId, Lane } from "./protocol";

export interface Place {
  readonly card: Card;
  readonly into: CardId | null;
  readonly lane: number;
  readonly index: number;
  readonly siblings: Lane;
}

export function* walk(cards: Lane): Generator<Card> {
  for (const card of cards) {
    yield card;
    for (const lane of card.lanes ?? []) yield* walk(lane);
  }
}

export function locate(
  cards: Lane, id: CardId, into: CardId | null = null, lane = 0,
): Place | null {
  for (const [index, card] of cards.entries()) {
    if (card.id === id) return { card, into, lane, index, siblings: cards };
    for (const [inner, cardsOfLane] of (card.lanes ?? []).entries()) {
      const found = locate(cardsOfLane, id, card.id, inner);
      if (found) return found;
    }
  }
  return null;
}

export function find(cards: Lane, id: CardId | null): Card | null {
  return id === null ? null : (locate(cards, id)?.card ?? null);
}

export function contains(card: Card, id: CardId): boolean {
  for (const inner of walk([card])) if (inner.id === id) return true;
  return false;
}

export function laneAt(cards: Lane, into: CardId | null, lane: number): Lane | null {
  return into === null ? (lane === 0 ? cards : null) : (find(cards, into)?.lanes?.[lane] ?? null);
}

/** The tree with one card replaced; the same tree where the change gives the same card. */
export function replace(cards: Lane, id: CardId, change: (card: Card) => Card): Lane {
  return mapSame(cards, (card) => {
    if (card.id === id) return change(card);
    if (!card.lanes) return card;
    const lanes = mapSame(card.lanes, (lane) => replace(lane, id, change));
    return lanes === card.lanes ? card : { ...card, lanes };
  });
}

/** The tree with one lane replaced. */
export function replaceLane(
  cards: Lane, into: CardId | null, lane: number, change: (lane: Lane) => Lane,
): Lane {
  if (into === null) return change(cards);
  return replace(cards, into, (card) => {
    if (!card.lanes?.[lane]) return card;
    const lanes = mapSame(card.lanes, (cardsOfLane, index) =>
      index === lane ? change(cardsOfLane) : cardsOfLane);
    return lanes === card.lanes ? card : { ...card, lanes };
  });
}

/** Where a card lies, as an anchor. */
export function anchorOf(place: Place): Anchor {
  return { into: place.into, lane: place.lane, before: place.siblings[place.index + 1]?.id ?? null };
}

/** The place just after a card, or the end of the network. */
export function after(cards: Lane, id: CardId | null): Anchor {
  const place = id === null ? null : locate(cards, id);
  return place ? anchorOf(place) : { into: null, lane: 0, before: null };
}

export function mapSame<T>(items: readonly T[], change: (item: T, index: number) => T): readonly T[] {
  let same = true;
  const changed = items.map((item, index) => {
    const next = change(item, index);
    if (next !== item) same = false;
    return next;
  });
  return same ? items : changed;
}
