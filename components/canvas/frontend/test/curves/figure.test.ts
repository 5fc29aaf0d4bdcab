import { expect, it } from "vitest";
import { chooseTicks } from "../../src/curves/figure";

it("labels 1, 2 and 5 while the loss spans few decades", () => {
  const ticks = chooseTicks([2.3, 0.1, null, 0]);
  expect(ticks.filter((tick) => tick >= 0.1 && tick <= 2)).toEqual([0.1, 0.2, 0.5, 1, 2]);
});

it("labels decades alone when it spans many", () => {
  const ticks = chooseTicks([2.3, 1e-4]);
  expect(ticks.filter((tick) => tick >= 1e-4 && tick <= 2)).toEqual([1e-4, 1e-3, 0.01, 0.1, 1]);
});
