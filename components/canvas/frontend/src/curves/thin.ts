import type { Value } from "./protocol";

export interface Points {
  index: number[];
  value: Value[];
}

/** Batches from `from` up to, not including, `to`, drawn in buckets of `bucket`. */
export interface Segment {
  from: number;
  to: number;
  bucket: number;
}

/** More points than this in one line cannot be told apart and slow the page down. */
export const LIMIT = 3000;

/** Smallest power of two that keeps two points per bucket within the limit. */
export function bucketFor(count: number, limit: number = LIMIT): number {
  if (count <= limit) return 1;
  let bucket = 2;
  while ((2 * count) / bucket > limit) bucket *= 2;
  return bucket;
}

/**
 * The smallest and the largest value of every bucket, each where it was measured, so that no peak is
 * lost and none is invented. A bucket that holds a value which is not finite also holds a gap.
 */
export function thin(values: readonly Value[], segment: Segment): Points {
  const points: Points = { index: [], value: [] };
  const end = Math.min(segment.to, values.length);
  for (let start = segment.from; start < end; start += segment.bucket) {
    for (const at of extremes(values, start, Math.min(start + segment.bucket, end))) {
      points.index.push(at);
      points.value.push(values[at] ?? null);
    }
  }
  return points;
}

function extremes(values: readonly Value[], from: number, to: number): number[] {
  let low = -1;
  let high = -1;
  let gap = -1;
  for (let at = from; at < to; at++) {
    const value = values[at] ?? null;
    if (value === null) {
      if (gap < 0) gap = at;
      continue;
    }
    if (low < 0 || value < values[low]!) low = at;
    if (high < 0 || value > values[high]!) high = at;
  }
  const found = new Set([low, high, gap].filter((at) => at >= 0));
  return [...found].sort((a, b) => a - b);
}

/** The last value of every bucket: enough for a line that is smooth already. */
export function sample(values: readonly Value[], segment: Segment): Points {
  const points: Points = { index: [], value: [] };
  const end = Math.min(segment.to, values.length);
  for (let start = segment.from; start < end; start += segment.bucket) {
    const at = Math.min(start + segment.bucket, end) - 1;
    points.index.push(at);
    points.value.push(values[at] ?? null);
  }
  return points;
}

/** How to draw `count` batches when the person looks at those from `window.from` to `window.to`. */
export function plan(
  count: number,
  window: { from: number; to: number } | null,
  limit: number = LIMIT,
): Segment[] {
  const coarse = bucketFor(count, limit);
  if (window === null || coarse === 1) return [{ from: 0, to: count, bucket: coarse }];
  const from = Math.max(0, floorTo(window.from, coarse));
  const to = Math.min(count, floorTo(window.to, coarse) + coarse);
  if (from >= to) return [{ from: 0, to: count, bucket: coarse }];
  return [
    { from: 0, to: from, bucket: coarse },
    { from, to, bucket: bucketFor(to - from, limit) },
    { from: to, to: count, bucket: coarse },
  ].filter((segment) => segment.from < segment.to);
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
