// Several cards chosen at once: which of them count, and how they lie.

import type { Anchor, Card, CardId, Lane } from "./protocol";
import { locate, walk } from "./tree";

export type Ids = ReadonlySet<CardId>;

export const NONE: Ids = new Set();

/** The chosen cards in document order; those inside another chosen one go with it. */
export function roots(cards: Lane, chosen: Ids): readonly Card[] {
  return cards.flatMap((card) =>
    chosen.has(card.id) ? [card] : (card.lanes ?? []).flatMap((lane) => roots(lane, chosen)));
}

/** Those of the chosen cards that can be frozen: they have parameters, and no container freezes them. */
export function freezable(cards: Lane, chosen: Ids): readonly Card[] {
  return cards.flatMap((card) => {
    if (chosen.has(card.id)) return card.frozen || card.parameters > 0 ? [card] : [];
    return card.frozen ? [] : (card.lanes ?? []).flatMap((lane) => freezable(lane, chosen));
  });
}

/** The cards from one to another of the same lane; null where they lie in different lanes. */
export function range(cards: Lane, from: CardId, to: CardId): readonly CardId[] | null {
  const start = locate(cards, from);
  const end = locate(cards, to);
  if (!start || !end || start.siblings !== end.siblings) return null;
  const [low, high] = [Math.min(start.index, end.index), Math.max(start.index, end.index)];
  return start.siblings.slice(low, high + 1).map((card) => card.id);
}

/** Whether the cards follow one another in one lane. */
export function consecutive(cards: Lane, ids: readonly CardId[]): boolean {
  const first = locate(cards, ids[0] ?? "");
  return first !== null && ids.every((id, i) => first.siblings[first.index + i]?.id === id);
}

/** Whether dropping the cards at the anchor would leave them where they are. */
export function stays(cards: Lane, ids: readonly CardId[], anchor: Anchor): boolean {
  const first = locate(cards, ids[0] ?? "");
  if (!first || first.into !== anchor.into || first.lane !== anchor.lane) return false;
  if (!consecutive(cards, ids)) return false;
  const next = first.siblings[first.index + ids.length]?.id ?? null;
  return anchor.before === next || (anchor.before !== null && ids.includes(anchor.before));
}

/** The card to select once these are gone: what follows, else what comes before, else what held them. */
export function heir(cards: Lane, ids: readonly CardId[]): CardId | null {
  const gone = new Set(ids);
  const last = locate(cards, ids.at(-1) ?? "");
  if (!last) return null;
  const after = last.siblings.slice(last.index + 1).find((card) => !gone.has(card.id));
  const before = last.siblings.slice(0, last.index).findLast((card) => !gone.has(card.id));
  return (after ?? before)?.id ?? last.into;
}

/** Every card of the lane that a card lies in, or of the network. */
export function lane(cards: Lane, id: CardId | null): readonly CardId[] {
  return (locate(cards, id ?? "")?.siblings ?? cards).map((card) => card.id);
}

/** The ids that are still there; the same set where all are. */
export function remaining(cards: Lane, ids: Ids): Ids {
  if (ids.size === 0) return ids;
  const there = new Set(Array.from(walk(cards), (card) => card.id));
  const kept = [...ids].filter((id) => there.has(id));
  return kept.length === ids.size ? ids : new Set(kept);
}
