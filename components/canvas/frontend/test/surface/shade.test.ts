import { describe, expect, it } from "vitest";
import type { Message } from "../../src/surface/protocol";
import { shade } from "../../src/surface/shade";
import { describe as say } from "../../src/surface/summary";
import { label, ticks } from "../../src/surface/ticks";

const PLANE: Message = {
  run: "r1",
  step: 40,
  axes: [
    { name: "x", low: -1, high: 1 },
    { name: "y", low: 0, high: 2 },
  ],
  values: [0.5, 1, 1, null],
  columns: 2,
  classes: [0, 1, 0, 1],
  names: ["inner", "outer"],
  colours: ["#0000ff", "#ff0000"],
  range: [0, 1],
  points: { x: [], y: [], label: [] },
  height: 300,
};
const LINE: Message = { ...PLANE, columns: 0, classes: [], names: [], values: [-2.5, null, 7] };

describe("shade", () => {
  it("puts the lower row last, stronger where the network is sure, the ground where it says nothing", () => {
    expect([...shade(PLANE, "#ffffff")]).toEqual([
      102, 102, 255, 255, 255, 255, 255, 255, 224, 224, 255, 255, 255, 102, 102, 255,
    ]);
  });

  it("colours numbers between the least and the largest", () => {
    const numbers = { ...PLANE, classes: [], names: [], values: [0, 1, 0.5, 9] };
    expect([...shade(numbers, "#ffffff")].slice(0, 8)).toEqual([179, 102, 179, 255, 255, 102, 102, 255]);
  });
});

describe("what is said of a figure", () => {
  it("tells how much of a plane each class has", () => {
    expect(say(PLANE)).toBe(
      "What the network takes points of x and y for, after batch 40: inner in 50 % of the area, outer in 50 % of the area",
    );
  });

  it("tells where a line begins and ends, and when there is none yet", () => {
    expect(say(LINE)).toBe("What the network predicts for x, after batch 40: from −2.5 on the left to 7 on the right");
    expect(say({ ...LINE, step: null })).toBe("What the network predicts for x: nothing yet");
    expect(say({ ...LINE, values: [null] })).toContain("no finite numbers");
  });
});

describe("ticks", () => {
  it("are round and within the axis", () => {
    expect(ticks(-0.3, 1.1, 4)).toEqual([0, 0.5, 1]);
    expect(ticks(-160, 1090, 5)).toEqual([0, 500, 1000]);
    expect(ticks(0, 0, 5)).toEqual([]);
    expect(label(-0.30000000004)).toBe("−0.3");
  });
});
