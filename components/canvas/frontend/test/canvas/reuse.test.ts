import { expect, it } from "vitest";
import { reuse } from "../../src/canvas/model/reuse";
import { card, tree } from "./fixtures";

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

it("gives an equal tree back as it was", () => {
  const before = tree("a b[c|d] e");
  expect(reuse(before, copy(before))).toBe(before);
});

it("keeps what is equal and takes what differs", () => {
  const before = tree("a b[c|d] e");
  const next = [card("z"), ...copy(before).filter(({ id }) => id !== "a")];
  const merged = reuse(before, next);
  expect(merged).toEqual(next);
  expect(merged[1]).toBe(before[1]);
  expect(merged[2]).toBe(before[2]);
});

it("takes away what is gone", () => {
  expect(reuse({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
  expect(reuse([1, 2], [1])).toEqual([1]);
  expect(reuse({ a: undefined }, {})).toEqual({});
});
