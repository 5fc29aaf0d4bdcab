import { expect, it } from "vitest";
import { Smoother } from "../../src/curves/smooth";

it("leaves a constant as it is from the first value on", () => {
  const smoother = new Smoother(10);
  smoother.extend([3, 3, 3]);
  expect(smoother.values.map((value) => Number(value!.toFixed(12)))).toEqual([3, 3, 3]);
});

it("shows a gap where a value was not finite and goes on as before", () => {
  const [broken, whole] = [new Smoother(3), new Smoother(3)];
  broken.extend([1, null, 2]);
  whole.extend([1, 2]);
  expect(broken.values).toEqual([whole.values[0], null, whole.values[1]]);
});
