import { describe, expect, it } from "vitest";
import { parseFactors, parseInteger, parseName, parseNumber, parseShape, parseSizes, show, thousands } from "../../src/canvas/model/values";

const value = (parsed: { ok: boolean; value?: unknown }) => (parsed.ok ? parsed.value : "refused");

describe("a shape", () => {
  it.each([
    ["3×32×32", [3, 32, 32]], ["3,32,32", [3, 32, 32]], ["3x32x32", [3, 32, 32]], ["3 X 32 X 32", [3, 32, 32]],
    ["(3, 32, 32)", [3, 32, 32]], ["[4]", [4]], ["N×1×28×28", [1, 28, 28]], ["n, 7", [7]], ["3 32 32", [3, 32, 32]],
    ["3*4", [3, 4]], ["784", [784]], ["4,", [4]],
  ])("%s", (text, expected) => expect(value(parseShape(text))).toEqual(expected));
  it.each(["", "  ", "×", "3××3", "3×a", "3×0", "-3", "3.5", "N", "1e3", "99999999999999999999"])(
    "refuses %j", (text) => expect(value(parseShape(text))).toBe("refused"));
  it("takes -1 where the minimum allows it", () =>
    expect(value(parseShape("1, -1", { minimum: -1 }))).toEqual([1, -1]));
  it("says which part is wrong", () =>
    expect(parseShape("3×a")).toEqual({ ok: false, error: "“a”: a whole number is needed" }));
});

describe("sizes", () => {
  it("are one number, or one for each axis", () => {
    expect(value(parseSizes("3", 2))).toBe(3);
    expect(value(parseSizes("3, 5", 2))).toEqual([3, 5]);
    expect(value(parseSizes("3×5", 2))).toEqual([3, 5]);
    expect(value(parseSizes("3, 5, 7", 2))).toBe("refused");
    expect(value(parseSizes("0", 2, { minimum: 1 }))).toBe("refused");
    expect(value(parseSizes("0", 2, { minimum: 0 }))).toBe(0);
  });
});

describe("numbers", () => {
  it.each([["12", 12], [" -3 ", -3], ["1_000", 1000], ["+7", 7]])("integer %s", (text, expected) =>
    expect(value(parseInteger(text))).toBe(expected));
  it.each(["", "1.5", "1e3", "a", "--1"])("no integer %j", (text) => expect(value(parseInteger(text))).toBe("refused"));
  it.each([["1e-5", 1e-5], ["0.1", 0.1], [".5", 0.5], ["-2", -2], ["1,5", 1.5]])("real %s", (text, expected) =>
    expect(value(parseNumber(text))).toBe(expected));
  it.each(["", "nan", "inf", "1e999", "0x10", "1e"])("no number %j", (text) => expect(value(parseNumber(text))).toBe("refused"));
  it("keeps to its limits", () => {
    expect(parseInteger("0", { minimum: 1 })).toEqual({ ok: false, error: "At least 1" });
    expect(parseNumber("1.1", { maximum: 1 })).toEqual({ ok: false, error: "At most 1" });
    expect(parseNumber("0", { above: 0 })).toEqual({ ok: false, error: "More than 0" });
  });
});

describe("factors", () => {
  it.each([["2", 2], ["0.5", 0.5], ["2, 1.5", [2, 1.5]], ["(2, 2, 2)", [2, 2, 2]], ["2×3", [2, 3]]])("%s", (text, expected) =>
    expect(value(parseFactors(text))).toEqual(expected));
  it.each(["", "0", "-1", "2,", "1, 2, 3, 4", "a", "2, 0"])("refuses %j", (text) => expect(value(parseFactors(text))).toBe("refused"));
});

describe("a name", () => {
  it.each([["conv1", "conv1"], [" fc ", "fc"], ["", null], ["_x", "_x"], ["größe", "größe"]])("%j", (text, expected) =>
    expect(value(parseName(text))).toBe(expected));
  it.each(["1a", "a b", "a-b", "class", "None", "a.b"])("refuses %j", (text) => expect(value(parseName(text))).toBe("refused"));
});

it("shows values as Python does", () => {
  expect([null, true, false, 1e-5, "same", [3, -1], undefined].map(show)).toEqual(
    ["None", "True", "False", "0.00001", "same", "3, -1", ""]);
  expect(thousands(61706)).toBe("61,706");
});
