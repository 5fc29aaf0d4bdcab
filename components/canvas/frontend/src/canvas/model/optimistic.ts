// Operations shown before Python has answered: the tree changes at once, its shapes do not.

import type { Anchor, Card, CardId, Catalogue, Lane, Operation } from "./protocol";
import { contains, laneAt, locate, replace, replaceLane } from "./tree";

/** The tree as it will be, marked `touched` from where the shapes on show may be out of date. */
export function applyAll(
  cards: Lane, operations: readonly Operation[], catalogue: Catalogue | null,
): Lane {
  return operations.reduce((tree, operation) => apply(tree, operation, catalogue), cards);
}

/** One operation on the tree; the same tree where it can't be shown before the answer. */
export function apply(cards: Lane, operation: Operation, catalogue: Catalogue | null): Lane {
  switch (operation.op) {
    case "insert":
      return locate(cards, operation.id) ? cards : place(cards, fresh(operation, catalogue), operation);
    case "move":
      return move(cards, operation.block, operation);
    case "remove":
      return take(cards, operation.block);
    case "set":
      return touch(cards, operation.block, (card) =>
        ({ ...card, params: { ...card.params, [operation.name]: operation.value } }));
    case "unset":
      return touch(cards, operation.block, (card) => {
        const { [operation.name]: _gone, ...params } = card.params;
        return { ...card, params };
      });
    case "rename":
      return replace(cards, operation.block, (card) => ({ ...card, name: operation.name }));
    case "bypass":
      return touch(cards, operation.block, (card) => ({ ...card, bypassed: operation.bypassed }));
    case "add_lane":
      return touch(cards, operation.block, (card) =>
        card.lanes ? { ...card, lanes: [...card.lanes, []] } : card);
    case "clear":
      return cards.length === 0 ? cards : [];
    default:
      return cards;
  }
}

function fresh(
  operation: Extract<Operation, { op: "insert" }>, catalogue: Catalogue | null,
): Card {
  const kind = catalogue?.kinds[operation.kind];
  const lanes = kind?.lanes;
  const initial = (kind?.parameters ?? []).flatMap((parameter) =>
    parameter.initial === undefined ? [] : [[parameter.name, parameter.initial] as const]);
  return {
    id: operation.id, kind: operation.kind, name: null, bypassed: false,
    params: { ...Object.fromEntries(initial), ...operation.params }, filled: {}, summary: "", input: null, output: null,
    parameters: 0, state: "ok", issue: null, waitsFor: null,
    lanes: lanes ? Array.from({ length: lanes.min }, () => []) : null,
    touched: true,
  };
}

function move(cards: Lane, id: CardId, anchor: Anchor): Lane {
  const found = locate(cards, id);
  if (!found || anchor.before === id) return cards;
  if (anchor.into !== null && contains(found.card, anchor.into)) return cards;
  if (!laneAt(cards, anchor.into, anchor.lane)) return cards;
  return place(take(cards, id), { ...found.card, touched: true }, anchor);
}

/** Put a card at an anchor; at the lane's end where the card it names has gone. */
function place(cards: Lane, card: Card, anchor: Anchor): Lane {
  const placed = replaceLane(cards, anchor.into, anchor.lane, (lane) => {
    const index = lane.findIndex((other) => other.id === anchor.before);
    return index < 0 ? [...lane, card] : [...lane.slice(0, index), card, ...lane.slice(index)];
  });
  return touchAncestors(placed, anchor.into);
}

function take(cards: Lane, id: CardId): Lane {
  const found = locate(cards, id);
  if (!found) return cards;
  const rest = replaceLane(cards, found.into, found.lane, (lane) =>
    lane.flatMap((card, index) => {
      if (card.id === id) return [];
      return [index === found.index + 1 ? { ...card, touched: true } : card];
    }));
  return touchAncestors(rest, found.into);
}

function touch(cards: Lane, id: CardId, change: (card: Card) => Card): Lane {
  const found = locate(cards, id);
  if (!found) return cards;
  return touchAncestors(
    replace(cards, id, (card) => ({ ...change(card), touched: true })), found.into);
}

/** A container's own output is as old as the oldest shape inside it. */
function touchAncestors(cards: Lane, id: CardId | null): Lane {
  const found = id === null ? null : locate(cards, id);
  if (!found || id === null) return cards;
  return touchAncestors(replace(cards, id, (card) => ({ ...card, touched: true })), found.into);
}
