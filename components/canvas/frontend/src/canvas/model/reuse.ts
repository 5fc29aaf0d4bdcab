// Every answer is a fresh JSON tree; equal parts of it keep the identity they had, so that only
// the cards that changed are drawn again.

/** `next`, with every part that equals its counterpart in `previous` replaced by that. */
export function reuse<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next;
  if (Array.isArray(next)) return reuseArray(previous, next) as T;
  if (isRecord(next)) return reuseRecord(previous, next) as T;
  return next;
}

function reuseArray(previous: unknown, next: readonly unknown[]): readonly unknown[] {
  const before = Array.isArray(previous) ? previous : [];
  const byId = new Map(before.filter(hasId).map((item) => [item.id, item]));
  const merged = next.map((item, i) => reuse(hasId(item) ? byId.get(item.id) : before[i], item));
  const same = merged.length === before.length && merged.every((item, i) => Object.is(item, before[i]));
  return same ? before : merged;
}

function reuseRecord(previous: unknown, next: Record<string, unknown>): Record<string, unknown> {
  const before = isRecord(previous) ? previous : {};
  const merged: Record<string, unknown> = {};
  let same = isRecord(previous) && Object.keys(before).length === Object.keys(next).length;
  for (const [key, value] of Object.entries(next)) {
    merged[key] = reuse(before[key], value);
    same &&= key in before && Object.is(merged[key], before[key]);
  }
  return same ? before : merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasId(value: unknown): value is { id: string } {
  return isRecord(value) && typeof value["id"] === "string";
}
