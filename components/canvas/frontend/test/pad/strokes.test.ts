import { describe, expect, it } from "vitest";
import { encode, move } from "../../src/pad/strokes";

describe("a drawing", () => {
  it("is sent as the brightness of its pixels", () => {
    const sent = encode(new Uint8ClampedArray([0, 0, 0, 255, 200, 200, 200, 255]));
    expect([...atob(sent)].map((each) => each.charCodeAt(0))).toEqual([0, 200]);
  });

  it("is nothing when all of it is dark", () => {
    expect(encode(new Uint8ClampedArray(16))).toBe("");
  });
});

describe("the pen moved by keys", () => {
  it("stays on the pad", () => {
    expect(move({ x: 3, y: 5 }, "ArrowLeft", 7, 280)).toEqual({ x: 0, y: 5 });
    expect(move({ x: 3, y: 278 }, "ArrowDown", 7, 280)).toEqual({ x: 3, y: 280 });
    expect(move({ x: 3, y: 5 }, "a", 7, 280)).toBeNull();
  });
});
