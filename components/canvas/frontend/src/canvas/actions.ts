// What a person can do, each in one place, whichever button, key or gesture it came from.

import { describe, gaps, homeGap, title } from "./model/gaps";
import type { Anchor, CardId, Parameter, Value } from "./model/protocol";
import { after, find, isHome, locate, neighbour, walk } from "./model/tree";
import { equal } from "./model/values";
import { randomId, type Session } from "./session";

export function say(session: Session, text: string): void {
  session.store.set({ said: text });
}

export function select(session: Session, id: CardId | null, open = false): void {
  session.store.set(open ? { selected: id, sheet: id !== null } : { selected: id });
}

/** Add a layer at a place; without one, after the selected card or at the end. */
export function insert(session: Session, kind: string, anchor?: Anchor): void {
  const { cards, selected } = session.store.get();
  const place = anchor ?? after(cards, selected);
  const id = `c${randomId()}`;
  say(session, `${kind} added. ${describe(place, cards, null)}`);
  session.dispatch({ op: "insert", id, kind, ...place });
  session.store.set({ selected: id, focus: { id, keyboard: false } });
}

export function move(session: Session, id: CardId, anchor: Anchor, keyboard = false): void {
  const { cards } = session.store.get();
  const card = find(cards, id);
  if (!card) return;
  session.store.set({ selected: id, focus: { id, keyboard } });
  if (isHome(cards, id, anchor)) {
    say(session, `${title(card)} stays where it was`);
    return;
  }
  say(session, `${title(card)} moved. ${describe(anchor, cards, id)}`);
  session.dispatch({ op: "move", block: id, ...anchor });
}

export function remove(session: Session, id: CardId, keyboard = false): void {
  const { cards } = session.store.get();
  const card = find(cards, id);
  if (!card) return;
  const next = neighbour(cards, id);
  say(session, `${title(card)} deleted. Undo brings it back`);
  session.dispatch({ op: "remove", block: id });
  session.store.set({ selected: next, focus: next && keyboard ? { id: next, keyboard } : null });
  if (next === null) session.store.set({ sheet: false });
}

export function duplicate(session: Session, id: CardId): void {
  const card = find(session.store.get().cards, id);
  if (!card) return;
  say(session, `${title(card)} duplicated`);
  session.dispatch({ op: "duplicate", block: id });
}

export function bypass(session: Session, id: CardId): void {
  const card = find(session.store.get().cards, id);
  if (!card) return;
  say(session, `${title(card)} switched ${card.bypassed ? "on" : "off"}`);
  session.dispatch({ op: "bypass", block: id, bypassed: !card.bypassed });
}

export function clear(session: Session): void {
  say(session, "All layers cleared. Undo brings them back");
  session.dispatch({ op: "clear" });
  session.store.set({ selected: null, sheet: false });
}

export function undo(session: Session): void {
  if (!canUndo(session)) return;
  say(session, "Undone");
  session.dispatch({ op: "undo" });
}

export function redo(session: Session): void {
  const { data } = session.store.get();
  if (!data?.canRedo) return;
  say(session, "Redone");
  session.dispatch({ op: "redo" });
}

export function canUndo(session: Session): boolean {
  const { data, pending } = session.store.get();
  return Boolean(data?.canUndo) || pending > 0;
}

export function rename(session: Session, id: CardId, name: string | null): void {
  session.dispatch({ op: "rename", block: id, name });
}

/** Open the form with the cursor in the name field. */
export function startNaming(session: Session): void {
  const { selected, naming } = session.store.get();
  if (selected !== null) session.store.set({ sheet: true, naming: naming + 1 });
}

export function setParameter(session: Session, id: CardId, name: string, value: Value): void {
  const { cards, catalogue } = session.store.get();
  const card = find(cards, id);
  const parameter = card && catalogue?.kinds[card.kind]?.parameters.find((p) => p.name === name);
  if (!card || !parameter) return;
  const set = name in card.params;
  if (set && equal(card.params[name], value)) return;
  if (!parameter.follows && equal(parameter.default, value)) {
    if (set) session.dispatch({ op: "unset", block: id, name });
  } else session.dispatch({ op: "set", block: id, name, value });
}

/** Back to what a fresh layer has: the catalogue's start, torch's default, or following the input. */
export function resetParameter(session: Session, id: CardId, parameter: Parameter): void {
  if (parameter.initial !== undefined) setParameter(session, id, parameter.name, parameter.initial);
  else session.dispatch({ op: "unset", block: id, name: parameter.name });
}

export function repair(session: Session, block: CardId | null, code: string, label: string): void {
  say(session, label);
  session.dispatch({ op: "repair", block, code });
}

export function template(session: Session, id: string, title: string): void {
  say(session, `Template ${title} opened`);
  session.dispatch({ op: "template", template: id });
  session.store.set({ templates: false, selected: null });
}

export function toggleFold(session: Session, id: CardId): void {
  const folded = new Set(session.store.get().folded);
  if (!folded.delete(id)) folded.add(id);
  session.store.set({ folded });
}

export function lift(session: Session, id: CardId): void {
  const { cards, folded } = session.store.get();
  const card = find(cards, id);
  if (!card) return;
  const all = gaps(cards, id, folded);
  const index = homeGap(all, cards, id);
  session.store.set({ lifted: { id, gaps: all, index }, selected: id });
  say(session, `${title(card)} lifted. ${describe(all[index]!, cards, id)}. ` +
    "Arrow keys choose a place, Space drops, Escape cancels");
}

export function stepLifted(session: Session, by: number): void {
  const { cards, lifted } = session.store.get();
  if (!lifted) return;
  const index = Math.max(0, Math.min(lifted.gaps.length - 1, lifted.index + by));
  session.store.set({ lifted: { ...lifted, index } });
  say(session, describe(lifted.gaps[index]!, cards, lifted.id));
}

export function dropLifted(session: Session, keepPlace = false): void {
  const { cards, lifted } = session.store.get();
  if (!lifted) return;
  session.store.set({ lifted: null });
  const card = find(cards, lifted.id);
  if (keepPlace) say(session, `${card ? title(card) : "Layer"} put back`);
  else move(session, lifted.id, lifted.gaps[lifted.index]!, true);
}

/** Move a card by one gap, as if it had been lifted and dropped. */
export function nudge(session: Session, id: CardId, by: number): void {
  const { cards, folded } = session.store.get();
  const all = gaps(cards, id, folded);
  const target = all[homeGap(all, cards, id) + by];
  if (target) move(session, id, target, true);
}

/** Select the first faulty card and bring it into view, unfolding what hides it. */
export function showFirstFault(session: Session): void {
  const { cards, folded } = session.store.get();
  const faults = [...walk(cards)].filter((card) => card.state === "fault");
  const first = faults.find((card) => !card.lanes) ?? faults[0];
  if (!first) return;
  const open = new Set(folded);
  for (let place = locate(cards, first.id); place?.into; place = locate(cards, place.into)) open.delete(place.into);
  session.store.set({ folded: open, selected: first.id, focus: { id: first.id, keyboard: true } });
}
