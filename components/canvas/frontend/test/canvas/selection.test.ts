import { describe, expect, it } from "vitest";
import { blocksOf, readText, toBlock, toCards, toText } from "../../src/canvas/model/blocks";
import { bytes, compact, costs } from "../../src/canvas/model/costs";
import { addLaneLabel, laneLabel, laneTitle } from "../../src/canvas/model/gaps";
import { consecutive, heir, lane, range, remaining, roots, stays } from "../../src/canvas/model/selection";
import { card, catalogue, tree, write } from "./fixtures";

const cards = tree("a b[c d|e] f g");
const at = (before: string | null, into: string | null = null, index = 0) => ({ into, lane: index, before });

describe("the chosen cards", () => {
  it("stand in document order, what lies in a chosen one left out", () => {
    expect(roots(cards, new Set(["g", "c", "b", "a"])).map(({ id }) => id)).toEqual(["a", "b", "g"]);
    expect(roots(cards, new Set(["f", "e", "c"])).map(({ id }) => id)).toEqual(["c", "e", "f"]);
  });
  it("are a range of one lane", () => {
    expect(range(cards, "f", "a")).toEqual(["a", "b", "f"]);
    expect(range(cards, "c", "d")).toEqual(["c", "d"]);
    expect(range(cards, "c", "e")).toBeNull();
    expect(range(cards, "a", "gone")).toBeNull();
  });
  it("follow one another, or not", () => {
    expect(consecutive(cards, ["a", "b", "f"])).toBe(true);
    expect(consecutive(cards, ["a", "f"])).toBe(false);
    expect(consecutive(cards, ["d", "e"])).toBe(false);
    expect(consecutive(cards, ["gone"])).toBe(false);
  });
  it("stay where they are", () => {
    expect(stays(cards, ["a", "b"], at("f"))).toBe(true);
    expect(stays(cards, ["a", "b"], at("b"))).toBe(true);
    expect(stays(cards, ["f", "g"], at(null))).toBe(true);
    expect(stays(cards, ["a", "f"], at("g"))).toBe(false);
    expect(stays(cards, ["a", "b"], at(null, "b", 1))).toBe(false);
  });
  it("leave the selection to a neighbour", () => {
    expect(heir(cards, ["a", "b"])).toBe("f");
    expect(heir(cards, ["f", "g"])).toBe("b");
    expect(heir(cards, ["c", "d"])).toBe("b");
    expect(heir(tree("a"), ["a"])).toBeNull();
  });
  it("are all of a lane", () => {
    expect(lane(cards, "d")).toEqual(["c", "d"]);
    expect(lane(cards, null)).toEqual(["a", "b", "f", "g"]);
  });
  it("are the ones that are left", () => {
    const ids = new Set(["a", "c"]);
    expect(remaining(cards, ids)).toBe(ids);
    expect(remaining(tree("a"), ids)).toEqual(new Set(["a"]));
  });
});

describe("copied cards", () => {
  const conv = card("x", { kind: "Conv2d", name: "conv1", params: { out_channels: 6 }, summary: "6 channels", parameters: 60 });
  it("are a saved network's blocks", () => {
    expect(toBlock(conv)).toEqual({ id: "x", kind: "Conv2d", name: "conv1", params: { out_channels: 6 } });
    expect(toBlock(card("z", { frozen: true, parameters: 6, trainable: 0 }))).toEqual({ id: "z", kind: "ReLU", frozen: true });
    expect(toCards([{ id: "z", kind: "ReLU", frozen: true }], "p", null)).toMatchObject([{ id: "p-1", frozen: true }]);
    expect(toBlock(card("y", { bypassed: true, lanes: [[conv], []] }))).toEqual({
      id: "y", kind: "ReLU", bypassed: true, lanes: [[toBlock(conv)], []] });
  });
  it("come back as they were", () => {
    const back = readText(toText([conv]));
    expect(back).toEqual({ ok: true, value: [toBlock(conv)] });
  });
  it("are read from a whole network too", () =>
    expect(blocksOf({ stackyard: 1, input: { shape: [4] }, blocks: [{ id: "a", kind: "ReLU" }] })).toHaveLength(1));
  it.each(["", "hello", "5", "{}", "[]", "[1]", '[{"id":"a"}]', '{"blocks":5}', '[{"kind":"Group","lanes":[5]}]'])(
    "are not in %j", (text) => expect(readText(text)).toMatchObject({ ok: false }));
  it("get ids in document order", () => {
    const blocks = [{ id: "a", kind: "Residual", lanes: [[{ id: "b", kind: "ReLU" }]] }, { id: "c", kind: "Tanh" }];
    expect(write(toCards(blocks, "p", catalogue))).toBe("p-1[p-2] p-3");
  });
});

describe("costs", () => {
  it.each([[0, "0"], [999, "999"], [1000, "1 k"], [2432, "2.4 k"], [9960, "10 k"], [61706, "62 k"], [999_600, "1 M"], [10e6, "10 M"], [1.5e9, "1.5 G"]])(
    "%d", (count, text) => expect(compact(count)).toBe(text));
  it("of memory", () => expect([bytes(12), bytes(23_000), bytes(1_240_000)]).toEqual(["12 B", "23 kB", "1.2 MB"]));
  it("of a card are few words, and all of them in its tooltip", () => {
    const layer = card("a", { parameters: 2432, madds: 9_961_472, activations: 131_072 });
    expect(costs(layer)).toEqual({
      brief: "2.4 k params · 10 M madds",
      full: "2,432 parameters; 9,961,472 multiply-adds for one sample; 131 kB for the output of one sample",
    });
    expect(costs(card("a", { parameters: 2432 })).brief).toBe("2.4 k params");
    expect(costs(card("a", { parameters: 0 })).brief).toBe("no params");
    expect(costs(card("a", { parameters: 0, madds: 4096 })).brief).toBe("4.1 k madds");
    expect(costs(card("a", { parameters: 2432, trainable: 0 }))).toEqual({ brief: "2.4 k frozen", full: "2,432 parameters, all frozen" });
    expect(costs(card("a", { parameters: 2432, trainable: 2000 }))).toEqual(
      { brief: "2.4 k params · 432 frozen", full: "2,432 parameters, 432 of them frozen" });
    expect(costs(card("a", { output: null }))).toEqual({ brief: "", full: "" });
  });
});

describe("lane names", () => {
  const residual = catalogue.kinds["Residual"]!.lanes!;
  const branches = catalogue.kinds["Branches"]!.lanes!;
  it("are the catalogue's where it has some", () => {
    expect([0, 1].map((lane) => laneLabel(residual, lane))).toEqual(["body", "shortcut"]);
    expect(laneTitle({ kind: "Residual", name: "r" }, 1, residual)).toBe("Residual r shortcut");
    expect(addLaneLabel(residual, 1)).toBe("Add shortcut");
  });
  it("are numbers elsewhere", () => {
    expect([0, 1].map((lane) => laneLabel(branches, lane))).toEqual(["branch 1", "branch 2"]);
    expect(laneTitle({ kind: "Branches", name: null }, 1, branches)).toBe("Branches lane 2");
    expect(addLaneLabel(branches, 2)).toBe("Add branch");
  });
});
