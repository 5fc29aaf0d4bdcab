import { describe, expect, it } from "vitest";
import { hitTest, type LaneBox, lineFor, type Slot } from "../../src/canvas/model/drag";

const rect = (left: number, top: number, right: number, bottom: number) => ({ left, top, right, bottom });
const slot = (id: string, top: number, bottom: number, left = 0, right = 400): Slot =>
  ({ id, rect: rect(left, top, right, bottom), lanes: [] });
const lane = (into: string | null, index: number, box: ReturnType<typeof rect>, slots: Slot[]): LaneBox =>
  ({ into, lane: index, rect: box, home: rect(box.left, box.top, box.right, box.top + 40), slots });

// a          0– 50
// frame    100–300: lane 0 (x 10–190) holds b 140–180 and an inner frame 200–280 with one empty lane,
//                   lane 1 (x 210–390) is empty; the lanes reach from 130 to 290
// z        350–400
const inner: Slot = {
  id: "inner", rect: rect(20, 200, 180, 280), lanes: [lane("inner", 0, rect(30, 220, 170, 270), [])],
};
const frame: Slot = {
  id: "frame",
  rect: rect(0, 100, 400, 300),
  lanes: [
    lane("frame", 0, rect(10, 130, 190, 290), [slot("b", 140, 180, 20, 180), inner]),
    lane("frame", 1, rect(210, 130, 390, 290), []),
  ],
};
const root = lane(null, 0, rect(-16, -1000, 416, 2000), [slot("a", 0, 50), frame, slot("z", 350, 400)]);
const empty = lane(null, 0, rect(0, 0, 400, 300), []);

const at = (x: number, y: number, ...dragged: string[]) => hitTest(root, { x, y }, new Set(dragged));
const place = (into: string | null, index: number, before: string | null) => ({ into, lane: index, before });

describe("the network's own lane", () => {
  it.each([
    ["above everything", 200, -500, "a"],
    ["upper half of a card", 200, 24, "a"],
    ["lower half of a card", 200, 26, "frame"],
    ["between two cards", 200, 75, "frame"],
    ["a frame's head", 200, 110, "frame"],
    ["a frame's foot", 200, 296, "z"],
    ["after the frame", 200, 320, "z"],
    ["below everything", 200, 1500, null],
  ])("%s", (_, x, y, before) => expect(at(x, y)).toEqual(place(null, 0, before)));

  it("is no target from outside", () => {
    expect(at(-17, 20)).toBeNull();
    expect(at(417, 20)).toBeNull();
    expect(at(200, 2001)).toBeNull();
  });

  it("takes its edges in", () => {
    expect(at(-16, 0)).toEqual(place(null, 0, "a"));
    expect(at(416, 2000)).toEqual(place(null, 0, null));
  });

  it("takes the first card of an empty network", () => {
    expect(hitTest(empty, { x: 10, y: 290 }, new Set())).toEqual(place(null, 0, null));
  });
});

describe("nested lanes", () => {
  it.each([
    ["above the first card", 100, 135, place("frame", 0, "b")],
    ["below the middle of the first card", 100, 165, place("frame", 0, "inner")],
    ["the inner frame's head", 100, 210, place("frame", 0, "inner")],
    ["the inner lane", 100, 245, place("inner", 0, null)],
    ["the inner frame's foot", 100, 275, place("frame", 0, null)],
    ["below the inner frame", 100, 288, place("frame", 0, null)],
    ["an empty lane", 300, 200, place("frame", 1, null)],
    ["between two lanes, nearer to the left one", 198, 135, place("frame", 0, "b")],
    ["between two lanes, nearer to the right one", 202, 135, place("frame", 1, null)],
    ["right of the last lane, inside the frame", 396, 200, place("frame", 1, null)],
    ["right of the frame", 410, 210, place(null, 0, "z")],
  ])("%s", (_, x, y, expected) => expect(at(x, y)).toEqual(expected));
});

describe("a dragged card", () => {
  it("is no neighbour of its own place", () => {
    expect(at(200, 20, "a")).toEqual(place(null, 0, "frame"));
  });
  it("does not go into itself", () => {
    expect(at(100, 150, "frame")).toEqual(place(null, 0, "z"));
    expect(at(300, 200, "frame")).toEqual(place(null, 0, "z"));
  });
  it("does not go into what lies inside itself", () => {
    expect(at(100, 245, "frame")).toEqual(place(null, 0, "z"));
    expect(at(100, 245, "inner")).toEqual(place("frame", 0, null));
  });
  it("goes from one lane to another", () => {
    expect(at(300, 200, "b")).toEqual(place("frame", 1, null));
  });
});

describe("the insertion line", () => {
  const line = (into: string | null, index: number, before: string | null) =>
    lineFor(root, place(into, index, before));
  it("lies between two cards", () => expect(line(null, 0, "frame")).toEqual({ x: 0, y: 75, width: 400 }));
  it("lies above the first card", () => expect(line(null, 0, "a")).toEqual({ x: 0, y: -8, width: 400 }));
  it("lies below the last card", () => expect(line(null, 0, null)).toEqual({ x: 0, y: 408, width: 400 }));
  it("keeps to its lane", () => expect(line("frame", 0, "inner")).toEqual({ x: 20, y: 190, width: 160 }));
  it("lies inside an empty lane", () => expect(line("frame", 1, null)).toEqual({ x: 210, y: 150, width: 180 }));
  it("is not drawn for a lane that is gone", () => expect(line("gone", 0, null)).toBeNull());
});
