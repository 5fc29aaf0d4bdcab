import { describe, expect, it } from "vitest";
import { bucketFor, plan, sample, thin } from "../../src/curves/thin";

describe("bucketFor", () => {
  it("keeps every batch while they are few", () => {
    expect([0, 1, 3000].map((count) => bucketFor(count))).toEqual([1, 1, 1]);
  });

  it("grows by powers of two and stays within the limit", () => {
    expect([3001, 6000, 6001, 100_000].map((count) => bucketFor(count))).toEqual([4, 4, 8, 128]);
    for (let count = 1; count < 200_000; count += 997) {
      const bucket = bucketFor(count);
      const points = bucket === 1 ? count : (2 * count) / bucket;
      expect(points).toBeLessThanOrEqual(3000);
    }
  });
});

describe("thin", () => {
  it("keeps the smallest and the largest of every bucket where they were measured", () => {
    const values = [5, 1, 9, 4, 2, 2, 8, 3];
    expect(thin(values, { from: 0, to: 8, bucket: 4 })).toEqual({
      index: [1, 2, 4, 6],
      value: [1, 9, 2, 8],
    });
  });

  it("changes nothing in buckets of one", () => {
    const values = [5, null, 9];
    expect(thin(values, { from: 0, to: 3, bucket: 1 })).toEqual({ index: [0, 1, 2], value: values });
  });

  it("keeps a gap where a value was not finite", () => {
    expect(thin([5, null, 9, null], { from: 0, to: 4, bucket: 4 })).toEqual({
      index: [0, 1, 2],
      value: [5, null, 9],
    });
    expect(thin([null, null], { from: 0, to: 2, bucket: 2 })).toEqual({ index: [0], value: [null] });
  });

  it("loses no peak among 100,000 batches", () => {
    const values = Array.from({ length: 100_000 }, (_, at) => Math.sin(at) + 2);
    values[54_321] = 99;
    values[77_777] = -7;
    const points = thin(values, { from: 0, to: values.length, bucket: bucketFor(values.length) });
    expect(points.index.length).toBeLessThanOrEqual(3000);
    expect(points.value[points.index.indexOf(54_321)]).toBe(99);
    expect(points.value[points.index.indexOf(77_777)]).toBe(-7);
    expect(points.index).toEqual([...points.index].sort((a, b) => a - b));
  });

  it("draws the same in parts as at once", () => {
    const values = Array.from({ length: 64 }, (_, at) => (at * 37) % 23);
    const whole = thin(values, { from: 0, to: 64, bucket: 8 });
    const first = thin(values, { from: 0, to: 24, bucket: 8 });
    const second = thin(values, { from: 24, to: 64, bucket: 8 });
    expect([...first.index, ...second.index]).toEqual(whole.index);
  });
});

describe("sample", () => {
  it("takes the last of every bucket, the last one short", () => {
    expect(sample([1, 2, 3, 4, 5], { from: 0, to: 5, bucket: 2 })).toEqual({
      index: [1, 3, 4],
      value: [2, 4, 5],
    });
  });
});

describe("plan", () => {
  it("is one segment without a zoom", () => {
    expect(plan(10_000, null)).toEqual([{ from: 0, to: 10_000, bucket: 8 }]);
  });

  it("shows every batch of a small part that is looked at", () => {
    expect(plan(10_000, { from: 4_001, to: 4_100 })).toEqual([
      { from: 0, to: 4_000, bucket: 8 },
      { from: 4_000, to: 4_104, bucket: 1 },
      { from: 4_104, to: 10_000, bucket: 8 },
    ]);
  });

  it("forgets a zoom outside the data", () => {
    expect(plan(10_000, { from: 20_000, to: 21_000 })).toEqual([{ from: 0, to: 10_000, bucket: 8 }]);
    expect(plan(10_000, { from: -50, to: 40 })[0]).toEqual({ from: 0, to: 48, bucket: 1 });
  });
});
