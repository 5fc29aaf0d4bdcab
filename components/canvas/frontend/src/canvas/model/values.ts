// What a person types into a field, read and written: numbers, sizes, shapes, names.

import type { Value } from "./protocol";

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

const good = <T>(value: T): Parsed<T> => ({ ok: true, value });
const bad = (error: string): Parsed<never> => ({ ok: false, error });

export interface Limits {
  readonly minimum?: number | null;
  readonly maximum?: number | null;
  readonly above?: number | null;
}

export function parseInteger(text: string, limits: Limits = {}): Parsed<number> {
  const tidy = text.trim().replace(/[_ ]/g, "");
  if (!/^[+-]?\d+$/.test(tidy)) return bad("A whole number is needed");
  const value = Number(tidy);
  return Number.isSafeInteger(value) ? within(value, limits) : bad("Too large");
}

export function parseNumber(text: string, limits: Limits = {}): Parsed<number> {
  const tidy = text.trim().replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(tidy)) return bad("A number is needed, such as 0.1 or 1e-5");
  const value = Number(tidy);
  return Number.isFinite(value) ? within(value, limits) : bad("Too large");
}

/** A shape without its batch axis: "3×32×32", "3,32,32", "3x32x32", "(3, 32, 32)", "N×3×32×32". */
export function parseShape(text: string, limits: Limits = { minimum: 1 }): Parsed<readonly number[]> {
  const tidy = text.trim().replace(/^[([]|[)\]]$/g, "").trim().replace(/^N\s*[×x*,]\s*/i, "");
  const parts = tidy.split(/\s*[×xX*,;]\s*|\s+/).filter((part, i, all) => part !== "" || i < all.length - 1);
  if (tidy === "" || parts.length === 0) return bad("Type sizes such as 3×32×32");
  return collect(parts, limits);
}

/** One size for all axes, or one per axis: "3" or "3, 5". */
export function parseSizes(text: string, axes: number, limits: Limits = {}): Parsed<number | readonly number[]> {
  const shape = parseShape(text, limits);
  if (!shape.ok) return shape;
  if (shape.value.length === 1) return good(shape.value[0]!);
  return shape.value.length === axes ? shape : bad(`One number or ${axes} are needed`);
}

/** One positive number for all axes, or up to three: "2", "0.5", "2, 1.5". */
export function parseFactors(text: string): Parsed<number | readonly number[]> {
  const parts = text.trim().replace(/^[([]|[)\]]$/g, "").split(/[,;×]/).map((part) => part.trim());
  const values: number[] = [];
  for (const part of parts) {
    const value = parseNumber(part, { above: 0 });
    if (!value.ok) return bad(parts.length > 1 ? `“${part}”: ${value.error.toLowerCase()}` : value.error);
    values.push(value.value);
  }
  if (values.length > 3) return bad("One number, or up to three");
  return good(values.length === 1 && !/[,;×([]/.test(text) ? values[0]! : values);
}

function collect(parts: readonly string[], limits: Limits): Parsed<readonly number[]> {
  const values: number[] = [];
  for (const part of parts) {
    const value = parseInteger(part, limits);
    if (!value.ok) return bad(`“${part}”: ${value.error.toLowerCase()}`);
    values.push(value.value);
  }
  return good(values);
}

function within(value: number, { minimum, maximum, above }: Limits): Parsed<number> {
  if (minimum != null && value < minimum) return bad(`At least ${minimum}`);
  if (maximum != null && value > maximum) return bad(`At most ${maximum}`);
  if (above != null && value <= above) return bad(`More than ${above}`);
  return good(value);
}

const KEYWORDS = new Set(
  ("False None True and as assert async await break class continue def del elif else except finally for from " +
    "global if import in is lambda nonlocal not or pass raise return try while with yield").split(" "));

/** A given name: a Python identifier, or null where it is taken away. */
export function parseName(text: string): Parsed<string | null> {
  const name = text.trim();
  if (name === "") return good(null);
  if (KEYWORDS.has(name)) return bad(`“${name}” is a Python keyword`);
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) return bad("Letters, digits and _ only, no digit first");
  return good(name);
}

/** A value as Python writes it, tuples without their brackets. */
export function show(value: Value | undefined): string {
  if (value === undefined) return "";
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  return value.map(show).join(", ");
}

export function equal(a: Value | undefined, b: Value | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** "61,706" */
export function thousands(count: number): string {
  return count.toLocaleString("en-GB");
}
