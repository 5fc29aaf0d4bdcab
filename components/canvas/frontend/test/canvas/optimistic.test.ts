import { describe, expect, it } from "vitest";
import { isFrozen } from "../../src/canvas/model/costs";
import { apply, applyAll } from "../../src/canvas/model/optimistic";
import type { Operation } from "../../src/canvas/model/protocol";
import { find, walk } from "../../src/canvas/model/tree";
import { catalogue, tree, write } from "./fixtures";

const after = (text: string, ...operations: Operation[]) => applyAll(tree(text), operations, catalogue);
const touched = (text: string, ...operations: Operation[]) =>
  [...walk(after(text, ...operations))].filter((card) => card.touched).map((card) => card.id);
const insert = (id: string, into: string | null, lane: number, before: string | null, kind = "ReLU"): Operation =>
  ({ op: "insert", id, kind, into, lane, before });
const move = (block: string, into: string | null, lane: number, before: string | null): Operation =>
  ({ op: "move", block, into, lane, before });

describe("insert", () => {
  it("goes before the named card", () => expect(write(after("a b", insert("c1", null, 0, "b")))).toBe("a c1 b"));
  it("goes to the end", () => expect(write(after("a", insert("c1", null, 0, null)))).toBe("a c1"));
  it("goes into a lane", () => expect(write(after("a b[|]", insert("c1", "b", 1, null)))).toBe("a b[|c1]"));
  it("goes to the end where its neighbour has gone", () =>
    expect(write(after("a b", insert("c1", null, 0, "gone")))).toBe("a b c1"));
  it("has no effect in a container that has gone", () =>
    expect(write(after("a", insert("c1", "gone", 0, null)))).toBe("a"));
  it("happens once", () =>
    expect(write(after("a", insert("c1", null, 0, null), insert("c1", null, 0, "a")))).toBe("a c1"));
  it("makes a container with its lanes", () =>
    expect(write(after("", insert("c1", null, 0, null, "Branches")))).toBe("c1[|]"));
  it("starts with the catalogue's values", () =>
    expect(find(after("", insert("c1", null, 0, null, "Conv2d")), "c1")!.params).toEqual({ out_channels: 16, kernel_size: 3 }));
});

describe("move", () => {
  it("goes up and down", () => {
    expect(write(after("a b c", move("c", null, 0, "a")))).toBe("c a b");
    expect(write(after("a b c", move("a", null, 0, null)))).toBe("b c a");
  });
  it("goes into and out of lanes", () => {
    expect(write(after("a b[c|]", move("a", "b", 1, null)))).toBe("b[c|a]");
    expect(write(after("a b[c|]", move("c", null, 0, "a")))).toBe("c a b[|]");
  });
  it("does not go into itself", () => {
    const cards = tree("a b[c[]]");
    expect(apply(cards, move("b", "c", 0, null), catalogue)).toBe(cards);
    expect(apply(cards, move("b", "b", 0, null), catalogue)).toBe(cards);
  });
  it("stays where a lane that has gone was meant", () => {
    const cards = tree("a b[c]");
    expect(apply(cards, move("a", "b", 7, null), catalogue)).toBe(cards);
    expect(apply(cards, move("gone", null, 0, null), catalogue)).toBe(cards);
  });
});

describe("the other edits", () => {
  it("removes", () => expect(write(after("a b[c|d]", { op: "remove", block: "c" }))).toBe("a b[|d]"));
  it("clears", () => expect(write(after("a b[c]", { op: "clear" }))).toBe(""));
  it("adds a lane", () => expect(write(after("b[c]", { op: "add_lane", block: "b" }))).toBe("b[c|]"));
  it("sets and unsets", () => {
    expect(find(after("a", { op: "set", block: "a", name: "p", value: [1, 2] }), "a")!.params).toEqual({ p: [1, 2] });
    expect(find(after("a", { op: "set", block: "a", name: "p", value: 1 }, { op: "unset", block: "a", name: "p" }), "a")!.params)
      .toEqual({});
  });
  it("renames and switches off", () => {
    const cards = after("a", { op: "rename", block: "a", name: "conv1" }, { op: "bypass", block: "a", bypassed: true });
    expect(cards[0]).toMatchObject({ name: "conv1", bypassed: true });
  });
  it("freezes a card with all it holds, and trains it again", () => {
    const cards = tree("a b[c[d]|e]").map((each) => ({ ...each, parameters: 8, trainable: 8 }));
    const frozen = apply(cards, { op: "freeze", block: "b", frozen: true }, catalogue);
    expect([...walk(frozen)].map((card) => [card.id, card.frozen, isFrozen({ ...card, parameters: 8 })])).toEqual(
      [["a", false, false], ["b", true, true], ["c", false, true], ["d", false, true], ["e", false, true]]);
    const trained = apply(frozen, { op: "freeze", block: "b", frozen: false }, catalogue);
    expect([...walk(trained)].map(isFrozen)).toEqual([false, false, false, false, false]);
    expect([...walk(frozen)].some((card) => card.touched)).toBe(false);
  });
  it.each([{ op: "undo" }, { op: "redo" }, { op: "duplicate", block: "a" }, { op: "template", template: "mlp" }] as Operation[])(
    "waits for the answer: $op", (operation) => {
      const cards = tree("a b");
      expect(apply(cards, operation, catalogue)).toBe(cards);
    });
});

describe("several at once", () => {
  const content = [{ id: "x", kind: "Residual", lanes: [[{ id: "y", kind: "ReLU" }]] }, { id: "z", kind: "Tanh", name: "act" }];
  it("move in order", () =>
    expect(write(after("a b c[|]", { op: "batch", operations: [move("a", "c", 1, null), move("b", "c", 1, null)] }))).toBe("c[|a b]"));
  it("are pasted under new ids, once", () => {
    const paste: Operation = { op: "paste", id: "p", content, into: "b", lane: 0, before: null };
    expect(write(after("a b[c]", paste))).toBe("a b[c p-1[p-2] p-3]");
    expect(write(after("a b[c]", paste, paste))).toBe("a b[c p-1[p-2] p-3]");
    expect(find(after("a b[c]", paste), "p-3")!.name).toBe("act");
  });
  it("are not pasted where nothing is to be pasted", () => {
    const cards = tree("a");
    expect(apply(cards, { op: "paste", id: "p", content: "text", into: null, lane: 0, before: null }, catalogue)).toBe(cards);
  });
  it("are wrapped where they follow one another", () => {
    const wrap = (kind: string, ...more: string[]): Operation => ({ op: "wrap", block: "b", more, kind, id: "w" });
    expect(write(after("a b c d", wrap("Group", "c")))).toBe("a w[b c] d");
    expect(write(after("a b c d", wrap("Branches")))).toBe("a w[b|] c d");
    expect(write(after("a b c d", wrap("Group", "d")))).toBe("a b c d");
    expect(write(after("a b c d", wrap("ReLU")))).toBe("a b c d");
  });
  it("are set", () =>
    expect(find(after("a", { op: "set_all", block: "a", values: { p: 1, q: null } }), "a")!.params).toEqual({ p: 1, q: null }));
});

describe("shapes out of date", () => {
  it("begin at the card that was set", () =>
    expect(touched("a b c", { op: "set", block: "b", name: "p", value: 1 })).toEqual(["b"]));
  it("begin at the new card", () => expect(touched("a b", insert("c1", null, 0, "b"))).toEqual(["c1"]));
  it("begin after the card that was removed", () => expect(touched("a b c", { op: "remove", block: "b" })).toEqual(["c"]));
  it("begin at both ends of a move", () => expect(touched("a b c", move("a", null, 0, null))).toEqual(["b", "a"]));
  it("reach the containers around", () => {
    expect(touched("a b[c[d]|e]", { op: "set", block: "d", name: "p", value: 1 })).toEqual(["b", "c", "d"]);
    expect(touched("a b[c]", { op: "remove", block: "c" })).toEqual(["b"]);
  });
  it("are not touched by a name", () => expect(touched("a", { op: "rename", block: "a", name: "x" })).toEqual([]));
});

it("keeps the identity of what it does not touch", () => {
  const cards = tree("a b[c|d] e");
  const next = apply(cards, { op: "set", block: "c", name: "p", value: 1 }, catalogue);
  expect(next[0]).toBe(cards[0]);
  expect(next[2]).toBe(cards[2]);
  expect(next[1]!.lanes![1]).toBe(cards[1]!.lanes![1]);
  expect(next[1]).not.toBe(cards[1]);
});
