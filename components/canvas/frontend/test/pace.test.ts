import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LEAVING, Pace, PATIENCE } from "../src/pace";

describe("pace", () => {
  let asked: number[];
  let pace: Pace;

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    pace = new Pace((count) => asked.push(count), 150);
  });
  afterEach(() => {
    pace.stop();
    vi.useRealTimers();
    document.body.innerHTML = "";
  });

  it("asks a while after each answer, each time with a new number", () => {
    pace.receive(true);
    vi.advanceTimersByTime(149);
    expect(asked).toEqual([]);
    vi.advanceTimersByTime(1);
    pace.receive(true);
    vi.advanceTimersByTime(150);
    expect(asked).toEqual([1, 2]);
  });

  it("asks again when no answer comes", () => {
    pace.receive(true);
    vi.advanceTimersByTime(150 + PATIENCE);
    expect(asked).toEqual([1, 2]);
  });

  it("asks no more when there is nothing to follow", () => {
    pace.receive(true);
    pace.receive(false);
    vi.advanceTimersByTime(PATIENCE * 10);
    expect(asked).toEqual([]);
  });

  it("keeps quiet after a click on a link, also when a late answer comes", () => {
    document.body.innerHTML = '<a href="#"><span id="inside">Build</span></a>';
    pace.receive(true);
    document.getElementById("inside")?.click();
    vi.advanceTimersByTime(200);
    pace.receive(true);
    vi.advanceTimersByTime(LEAVING - 201);
    expect(asked).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(asked).toEqual([1]);
  });

  it("takes no notice of other clicks", () => {
    document.body.innerHTML = "<button>Stop</button>";
    pace.receive(true);
    document.querySelector("button")?.click();
    vi.advanceTimersByTime(150);
    expect(asked).toEqual([1]);
  });

  it("is silent once stopped", () => {
    pace.receive(true);
    pace.stop();
    vi.advanceTimersByTime(PATIENCE * 10);
    expect(asked).toEqual([]);
  });
});
