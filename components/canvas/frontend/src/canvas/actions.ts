// What a person can do, each in one place, whichever button, key or gesture it came from.

import { lanesOf, naming, picked, pickedIds, pickedToFreeze, refuse, say, select, show } from "./choosing";
import { blocksOf, toBlock, toCards } from "./model/blocks";
import { describe } from "./model/gaps";
import type { Anchor, CardId, Operation, Parameter, Value } from "./model/protocol";
import { consecutive, heir, NONE, stays } from "./model/selection";
import { after, find, locate, walk } from "./model/tree";
import { equal } from "./model/values";
import { randomId, type Session } from "./session";

const NOT_FREEZABLE = "Only layers with parameters can be frozen, and what a frozen container holds is so already.";

/** Several operations as one step. */
function asOne(operations: readonly Operation[]): Operation {
  return operations.length === 1 ? operations[0]! : { op: "batch", operations };
}

/** Add a layer at a place; without one, after the selected card or at the end. */
export function insert(session: Session, kind: string, anchor?: Anchor): void {
  const { cards, selected } = session.store.get();
  const place = anchor ?? after(cards, selected);
  const id = `c${randomId()}`;
  say(session, `${kind} added. ${describe(place, cards, NONE, lanesOf(session))}`);
  session.dispatch({ op: "insert", id, kind, ...place });
  show(session, [id]);
}

/** Move cards to a place, in document order. */
export function move(session: Session, ids: readonly CardId[], anchor: Anchor, keyboard = false): void {
  const { cards } = session.store.get();
  const first = ids[0];
  if (first === undefined || ids.some((id) => !find(cards, id))) return;
  const name = naming(session, ids);
  show(session, ids, keyboard);
  if (stays(cards, ids, anchor)) {
    say(session, `${name} ${ids.length > 1 ? "stay where they were" : "stays where it was"}`);
    return;
  }
  say(session, `${name} moved. ${describe(anchor, cards, new Set(ids), lanesOf(session))}`);
  session.dispatch(asOne(ids.map((block) => ({ op: "move", block, ...anchor }))));
}

export function remove(session: Session, keyboard = false, verb = "deleted"): void {
  const { cards } = session.store.get();
  const ids = pickedIds(session);
  if (ids.length === 0) return;
  const next = heir(cards, ids);
  say(session, `${naming(session, ids)} ${verb}. Undo brings ${ids.length > 1 ? "them" : "it"} back`);
  session.dispatch(asOne(ids.map((block) => ({ op: "remove", block }))));
  select(session, next);
  session.store.set({ focus: next && keyboard ? { id: next, keyboard } : null });
  if (next === null) session.store.set({ sheet: false });
}

export function duplicate(session: Session): void {
  const ids = pickedIds(session);
  const [only, second] = ids;
  if (only === undefined) return;
  say(session, `${naming(session, ids)} duplicated`);
  if (second === undefined) session.dispatch({ op: "duplicate", block: only });
  else insertBlocks(session, picked(session.store.get()).map(toBlock));
}

/** Switch the chosen cards off, or on again where all of them are off. */
export function bypass(session: Session): void {
  const chosen = picked(session.store.get());
  if (chosen.length === 0) return;
  const bypassed = !chosen.every((card) => card.bypassed);
  const ids = chosen.map((card) => card.id);
  say(session, `${naming(session, ids)} switched ${bypassed ? "off" : "on"}`);
  session.dispatch(asOne(ids.map((block) => ({ op: "bypass", block, bypassed }))));
}

/** Leave the parameters of the chosen cards out of training, or train them where all are frozen. */
export function freeze(session: Session): void {
  const ids = pickedToFreeze(session.store.get()).map((card) => card.id);
  if (ids.length === 0) {
    const all = pickedIds(session);
    if (all.length > 0) refuse(session, `${naming(session, all)}: nothing to freeze. ${NOT_FREEZABLE}`);
    return;
  }
  const frozen = !pickedToFreeze(session.store.get()).every((card) => card.frozen);
  say(session, `${naming(session, ids)} ${frozen ? "frozen" : "unfrozen"}`);
  session.dispatch(asOne(ids.map((block) => ({ op: "freeze", block, frozen }))));
}

/** Put a container around the chosen cards. */
export function wrap(session: Session, kind: string): void {
  const { cards } = session.store.get();
  const [block, ...more] = pickedIds(session);
  if (block === undefined) return;
  if (!consecutive(cards, [block, ...more])) {
    refuse(session, "Only layers that follow one another in one lane can be wrapped together.");
    return;
  }
  const id = `c${randomId()}`;
  say(session, `${naming(session, [block, ...more])} wrapped in ${kind}`);
  session.dispatch({ op: "wrap", block, kind, id, ...(more.length > 0 ? { more } : {}) });
  show(session, [id]);
}

/** Put blocks after what is chosen, and choose them instead. */
export function insertBlocks(session: Session, content: unknown): void {
  const { cards, catalogue } = session.store.get();
  const id = `c${randomId()}`;
  const anchor = after(cards, pickedIds(session).at(-1) ?? null);
  session.dispatch({ op: "paste", id, content, ...anchor });
  show(session, toCards(blocksOf(content) ?? [], id, catalogue).map((card) => card.id));
}

export function clear(session: Session): void {
  say(session, "All layers cleared. Undo brings them back");
  session.dispatch({ op: "clear" });
  select(session, null);
  session.store.set({ sheet: false });
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

/** Set several arguments as one step. */
export function setAll(session: Session, id: CardId, values: Readonly<Record<string, Value>>, label: string): void {
  say(session, label);
  session.dispatch({ op: "set_all", block: id, values });
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
  select(session, null);
  session.store.set({ menu: null });
}

export function toggleFold(session: Session, id: CardId): void {
  const folded = new Set(session.store.get().folded);
  if (!folded.delete(id)) folded.add(id);
  session.store.set({ folded });
}

/** Select the first faulty card and bring it into view, unfolding what hides it. */
export function showFirstFault(session: Session): void {
  const { cards, folded } = session.store.get();
  const faults = [...walk(cards)].filter((card) => card.state === "fault");
  const first = faults.find((card) => !card.lanes) ?? faults[0];
  if (!first) return;
  const open = new Set(folded);
  for (let place = locate(cards, first.id); place?.into; place = locate(cards, place.into)) open.delete(place.into);
  session.store.set({ folded: open });
  show(session, [first.id], true);
}
