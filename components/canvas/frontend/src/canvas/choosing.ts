// Which cards are selected: one whose settings are shown, or several that are edited together.

import { type LanesOf, title } from "./model/gaps";
import type { Card, CardId } from "./model/protocol";
import { freezable, type Ids, lane, NONE, range, roots } from "./model/selection";
import { find, locate } from "./model/tree";
import type { Session, State } from "./session";

export function say(session: Session, text: string): void {
  session.store.set({ said: text });
}

let refusals = 0;

/** Say why something can't be done, where everybody can see it. */
export function refuse(session: Session, text: string): void {
  session.store.set({ said: text, notice: { id: --refusals, kind: "warning", text } });
}

/** Select one card, or none. */
export function select(session: Session, id: CardId | null, open = false): void {
  session.store.set({ selected: id, chosen: NONE, pivot: id, ...(open ? { sheet: id !== null } : {}) });
}

/** Select these cards, and bring the first into view. */
export function show(session: Session, ids: readonly CardId[], keyboard = false): void {
  const first = ids[0];
  if (first === undefined) return;
  session.store.set({
    selected: first, chosen: ids.length > 1 ? new Set(ids) : NONE, pivot: first, focus: { id: first, keyboard },
  });
}

/** What an action is done to, in document order. */
export function picked(state: State): readonly Card[] {
  return roots(state.cards, pickedSet(state));
}

/** Those of them that can be frozen, or trained again. */
export function pickedToFreeze(state: State): readonly Card[] {
  return freezable(state.cards, pickedSet(state));
}

function pickedSet({ chosen, selected }: State): Ids {
  return chosen.size > 0 ? chosen : new Set(selected === null ? [] : [selected]);
}

export function pickedIds(session: Session): readonly CardId[] {
  return picked(session.store.get()).map((card) => card.id);
}

/** Take one more card into the selection, or out of it. */
export function toggle(session: Session, id: CardId): void {
  const { chosen, selected } = session.store.get();
  const next = new Set(chosen.size > 0 || selected === null ? chosen : [selected]);
  if (!next.delete(id)) next.add(id);
  const last = next.has(id) ? id : ([...next].at(-1) ?? null);
  choose(session, next, last, last);
}

/** Select all cards from the one chosen first to this one, in the same lane. */
export function extend(session: Session, id: CardId): void {
  const { cards, pivot, selected } = session.store.get();
  const from = pivot ?? selected;
  const ids = from === null ? null : range(cards, from, id);
  if (ids) choose(session, new Set(ids), id, from);
  else select(session, id);
}

/** The same by one card, up or down; where to go on, or null at the lane's end. */
export function extendBy(session: Session, id: CardId, by: number): CardId | null {
  const place = locate(session.store.get().cards, id);
  const next = place?.siblings[place.index + by]?.id ?? null;
  if (next !== null) extend(session, next);
  return next;
}

export function selectLane(session: Session): void {
  const { cards, selected } = session.store.get();
  const ids = lane(cards, selected);
  const last = selected ?? ids.at(-1) ?? null;
  choose(session, new Set(ids), last, ids[0] ?? null);
}

function choose(session: Session, ids: Ids, selected: CardId | null, pivot: CardId | null): void {
  session.store.set({ chosen: ids.size > 1 ? ids : NONE, selected, pivot });
  if (ids.size > 1) say(session, `${ids.size} layers selected`);
}

/** "Conv2d conv1", or "3 layers". */
export function naming(session: Session, ids: readonly CardId[]): string {
  const card = ids.length === 1 ? find(session.store.get().cards, ids[0]!) : null;
  return card ? title(card) : `${ids.length} layers`;
}

export function lanesOf(session: Session): LanesOf {
  return (kind) => session.store.get().catalogue?.kinds[kind]?.lanes ?? null;
}
