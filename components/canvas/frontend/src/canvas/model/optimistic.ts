// Operations shown before Python has answered: the tree changes at once, its shapes do not.

import { blank, blocksOf, toCards } from "./blocks";
import type { Anchor, Card, CardId, Catalogue, Kind, Lane, Operation, Value } from "./protocol";
import { consecutive } from "./selection";
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
      return locate(cards, operation.id) ? cards : place(cards, operation, fresh(operation, catalogue));
    case "paste":
      return paste(cards, operation, catalogue);
    case "wrap":
      return wrap(cards, operation, catalogue);
    case "batch":
      return applyAll(cards, operation.operations, catalogue);
    case "move":
      return move(cards, operation.block, operation);
    case "remove":
      return take(cards, operation.block);
    case "set":
      return touch(cards, operation.block, (card) =>
        ({ ...card, params: { ...card.params, [operation.name]: operation.value } }));
    case "set_all":
      return touch(cards, operation.block, (card) =>
        ({ ...card, params: { ...card.params, ...operation.values } }));
    case "unset":
      return touch(cards, operation.block, (card) => {
        const { [operation.name]: _gone, ...params } = card.params;
        return { ...card, params };
      });
    case "rename":
      return replace(cards, operation.block, (card) => ({ ...card, name: operation.name }));
    case "bypass":
      return touch(cards, operation.block, (card) => ({ ...card, bypassed: operation.bypassed }));
    case "freeze":
      return replace(cards, operation.block, (card) => settle({ ...card, frozen: operation.frozen }, false));
    case "add_lane":
      return touch(cards, operation.block, (card) =>
        card.lanes ? { ...card, lanes: [...card.lanes, []] } : card);
    case "clear":
      return cards.length === 0 ? cards : [];
    default:
      return cards;
  }
}

type Of<Name> = Extract<Operation, { op: Name }>;

function fresh(operation: Of<"insert">, catalogue: Catalogue | null): Card {
  const kind = catalogue?.kinds[operation.kind];
  return blank(operation.id, operation.kind, { ...initial(kind), ...operation.params }, emptyLanes(kind));
}

function initial(kind: Kind | undefined): Record<string, Value> {
  return Object.fromEntries((kind?.parameters ?? []).flatMap((parameter) =>
    parameter.initial === undefined ? [] : [[parameter.name, parameter.initial] as const]));
}

function emptyLanes(kind: Kind | undefined): Card["lanes"] {
  return kind?.lanes ? Array.from({ length: kind.lanes.min }, () => []) : null;
}

function paste(cards: Lane, operation: Of<"paste">, catalogue: Catalogue | null): Lane {
  const blocks = blocksOf(operation.content);
  if (!blocks || locate(cards, `${operation.id}-1`)) return cards;
  return place(cards, operation, ...toCards(blocks, operation.id, catalogue));
}

function wrap(cards: Lane, { block, more = [], kind, id }: Of<"wrap">, catalogue: Catalogue | null): Lane {
  const ids = [block, ...more];
  const found = locate(cards, block);
  const lanes = emptyLanes(catalogue?.kinds[kind]);
  if (!found || !lanes || id === undefined || locate(cards, id) || !consecutive(cards, ids)) return cards;
  const held = found.siblings.slice(found.index, found.index + ids.length);
  const around = blank(id, kind, initial(catalogue?.kinds[kind]), [held, ...lanes.slice(1)]);
  const wrapped = replaceLane(cards, found.into, found.lane, (lane) =>
    [...lane.slice(0, found.index), around, ...lane.slice(found.index + ids.length)]);
  return touchAncestors(wrapped, found.into);
}

/** A card that is frozen or not, as a whole: what only parts of it keep, Python tells. */
function settle(card: Card, around: boolean): Card {
  const held = around || card.frozen;
  const lanes = card.lanes?.map((lane) => lane.map((inner) => settle(inner, held))) ?? null;
  return { ...card, lanes, trainable: held ? 0 : card.parameters };
}

function move(cards: Lane, id: CardId, anchor: Anchor): Lane {
  const found = locate(cards, id);
  if (!found || anchor.before === id) return cards;
  if (anchor.into !== null && contains(found.card, anchor.into)) return cards;
  if (!laneAt(cards, anchor.into, anchor.lane)) return cards;
  return place(take(cards, id), anchor, { ...found.card, touched: true });
}

/** Put cards at an anchor; at the lane's end where the card it names has gone. */
function place(cards: Lane, anchor: Anchor, ...added: readonly Card[]): Lane {
  const placed = replaceLane(cards, anchor.into, anchor.lane, (lane) => {
    const index = lane.findIndex((other) => other.id === anchor.before);
    return index < 0 ? [...lane, ...added] : [...lane.slice(0, index), ...added, ...lane.slice(index)];
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
