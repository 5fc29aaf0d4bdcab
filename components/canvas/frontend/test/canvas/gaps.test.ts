import { describe, expect, it } from "vitest";
import { describe as words, gaps, homeGap, laneName } from "../../src/canvas/model/gaps";
import { NONE } from "../../src/canvas/model/selection";
import type { Anchor } from "../../src/canvas/model/protocol";
import { card, tree } from "./fixtures";

const short = (all: readonly Anchor[]) =>
  all.map(({ into, lane, before }) => `${into ?? ""}${into === null ? "" : lane}:${before ?? "end"}`);

describe("the walk through all gaps", () => {
  it("goes in document order, lanes included", () => {
    expect(short(gaps(tree("a b[c|] d"), NONE))).toEqual(
      [":a", ":b", "b0:c", "b0:end", "b1:end", ":d", ":end"]);
  });
  it("has one gap where the lifted card lies", () => {
    expect(short(gaps(tree("a b c"), new Set("b")))).toEqual([":a", ":c", ":end"]);
  });
  it("leaves out the inside of a lifted container", () => {
    expect(short(gaps(tree("a b[c[d]|e] f"), new Set("b")))).toEqual([":a", ":f", ":end"]);
  });
  it("leaves out what is folded away", () => {
    expect(short(gaps(tree("a b[c]"), new Set("a"), new Set(["b"])))).toEqual([":b", ":end"]);
  });
  it("of an empty network is its one place", () => {
    expect(short(gaps([], NONE))).toEqual([":end"]);
  });
  it.each([["a", 0], ["b", 1], ["c", 2], ["d", 3], ["e", 5], ["f", 7]])(
    "starts at home: %s", (id, index) => {
      const cards = tree("a b c[d|e] f");
      const all = gaps(cards, new Set([id]));
      expect(homeGap(all, cards, [id])).toBe(index);
    });
});

describe("what is said", () => {
  const cards = [card("a", { kind: "Conv2d", name: "conv1" }), card("b"), card("c", { kind: "Branches", lanes: [[card("d")], []] })];
  const say = (into: string | null, lane: number, before: string | null, lifted: string | null) =>
    words({ into, lane, before }, cards, new Set(lifted ? [lifted] : []), () => null);
  it("names the next card and the position", () => {
    expect(say(null, 0, "b", "a")).toBe("Before ReLU, position 1 of 3 in Network");
    expect(say(null, 0, "a", null)).toBe("Before Conv2d conv1, position 1 of 4 in Network");
  });
  it("names the end", () => expect(say(null, 0, null, "a")).toBe("At the end, position 3 of 3 in Network"));
  it("names an empty lane", () => expect(say("c", 1, null, "a")).toBe("Alone, position 1 of 1 in Branches lane 2"));
  it("names lanes from one", () => expect(laneName({ into: "c", lane: 0 }, cards, () => null)).toBe("Branches lane 1"));
});
