import { beforeEach, describe, expect, it } from "vitest";
import { givesWay, type Press, sourceOf, starts } from "../../src/canvas/gesture/press";

const press = (x: number, y: number, more: Partial<Press> = {}): Press => ({
  source: { kind: "ReLU", id: null }, pointer: 1, touch: false, grip: false, across: null,
  startX: 100, startY: 100, x: 100 + x, y: 100 + y, active: false, ids: [], ...more,
});

describe("holding becomes dragging", () => {
  it("with a mouse after five pixels", () => {
    expect(starts(press(3, 4))).toBe(false);
    expect(starts(press(4, 4))).toBe(true);
    expect(starts(press(-900, 0))).toBe(true);
  });
  it("with a finger on the handle likewise", () => {
    expect(starts(press(0, 6, { touch: true, grip: true }))).toBe(true);
  });
  it("with a finger on a card only by waiting", () => {
    expect(starts(press(0, 50, { touch: true }))).toBe(false);
    expect(givesWay(press(0, 50, { touch: true }))).toBe(true);
    expect(givesWay(press(0, 8, { touch: true }))).toBe(false);
  });
  it("with a finger across the way the palette scrolls", () => {
    expect(starts(press(2, 20, { touch: true, across: "y" }))).toBe(true);
    expect(starts(press(20, 2, { touch: true, across: "y" }))).toBe(false);
    expect(starts(press(20, 2, { touch: true, across: "x" }))).toBe(true);
  });
});

describe("what is dragged", () => {
  beforeEach(() => {
    document.body.innerHTML = `
      <button data-drag-kind="Conv2d"><span id="item"></span></button>
      <div data-drag-card="b1"><span data-grip><i id="grip"></i></span><b id="title"></b><button id="fold"></button></div>
      <p id="other"></p>`;
  });
  const from = (id: string) => sourceOf(document.getElementById(id)!);
  it("is a kind from the palette", () =>
    expect(from("item")).toEqual({ source: { kind: "Conv2d", id: null }, grip: false, across: "x" }));
  it("is a card, by its handle or its head", () => {
    expect(from("grip")).toEqual({ source: { kind: null, id: "b1" }, grip: true, across: null });
    expect(from("title")).toEqual({ source: { kind: null, id: "b1" }, grip: false, across: null });
  });
  it("is nothing by a button in the head, or elsewhere", () => {
    expect(from("fold")).toBeNull();
    expect(from("other")).toBeNull();
  });
});
