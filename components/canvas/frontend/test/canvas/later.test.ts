import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { drawSoon, hold, HOLD_MS, release } from "../../src/canvas/later";

describe("what is to be drawn", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    release();
    vi.useRealTimers();
  });

  it("is drawn soon, but after what Streamlit sends in a timer", () => {
    const order: string[] = [];
    setTimeout(() => order.push("sent"));
    drawSoon(() => order.push("drawn"));
    expect(order).toEqual([]);
    vi.advanceTimersByTime(0);
    expect(order).toEqual(["sent", "drawn"]);
  });

  it("waits for the answer to a request, also when it was asked for just before", () => {
    const draw = vi.fn();
    drawSoon(draw);
    hold();
    drawSoon(draw);
    vi.advanceTimersByTime(HOLD_MS - 1);
    expect(draw).not.toHaveBeenCalled();
    release();
    expect(draw).toHaveBeenCalledTimes(2);
  });

  it("does not wait for an answer that takes too long", () => {
    const draw = vi.fn();
    hold();
    drawSoon(draw);
    vi.advanceTimersByTime(HOLD_MS);
    expect(draw).toHaveBeenCalledOnce();
    drawSoon(draw);
    vi.advanceTimersByTime(0);
    expect(draw).toHaveBeenCalledTimes(2);
  });
});
