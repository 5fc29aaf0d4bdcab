// Which place is under the pointer: rectangles in, anchor out. No DOM.

import type { Anchor, CardId } from "./protocol";
import type { Ids } from "./selection";

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Slot {
  readonly id: CardId;
  readonly rect: Rect;
  readonly lanes: readonly LaneBox[];
}

export interface LaneBox {
  readonly into: CardId | null;
  readonly lane: number;
  readonly rect: Rect;
  /** Where the first card of an empty lane would go. */
  readonly home: Rect;
  readonly slots: readonly Slot[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The line drawn where a card would go. */
export interface InsertionLine {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/**
 * The place a card dropped at the point would take, in the deepest lane under it.
 *
 * @param root The network's own lane; its rectangle is the whole area that accepts a drop.
 * @param dragged The cards being dragged: they, and all inside them, are no target. None from the palette.
 * @returns null outside the area.
 */
export function hitTest(root: LaneBox, point: Point, dragged: Ids): Anchor | null {
  if (!inside(root.rect, point)) return null;
  const lane = deepest(root, point, dragged);
  const next = lane.slots.find((slot) => !dragged.has(slot.id) && point.y < middle(slot.rect));
  return { into: lane.into, lane: lane.lane, before: next?.id ?? null };
}

function deepest(lane: LaneBox, point: Point, dragged: Ids): LaneBox {
  const slot = lane.slots.find((candidate) => inside(candidate.rect, point));
  if (!slot || dragged.has(slot.id) || slot.lanes.length === 0) return lane;
  // A frame's head stands for the place before it, its foot for the place after it;
  // between those the nearest lane is meant, even where the pointer is in the space between two.
  const top = Math.min(...slot.lanes.map(({ rect }) => rect.top));
  const bottom = Math.max(...slot.lanes.map(({ rect }) => rect.bottom));
  if (point.y < top || point.y > bottom) return lane;
  const nearest = slot.lanes.reduce((best, candidate) =>
    distance(candidate.rect, point) < distance(best.rect, point) ? candidate : best);
  return deepest(nearest, point, dragged);
}

/** Where to draw the insertion line for an anchor. */
export function lineFor(root: LaneBox, anchor: Anchor): InsertionLine | null {
  const lane = findLane(root, anchor);
  if (!lane) return null;
  const at = (y: number, rect: Rect): InsertionLine =>
    ({ x: rect.left, y, width: rect.right - rect.left });
  const index = lane.slots.findIndex((slot) => slot.id === anchor.before);
  const next = lane.slots[index];
  const previous = index < 0 ? lane.slots.at(-1) : lane.slots[index - 1];
  if (next && previous) return at((previous.rect.bottom + next.rect.top) / 2, next.rect);
  if (next) return at(next.rect.top - GAP, next.rect);
  if (previous) return at(previous.rect.bottom + GAP, previous.rect);
  return at(middle(lane.home), lane.home);
}

const GAP = 8;

function findLane(lane: LaneBox, anchor: Anchor): LaneBox | null {
  if (lane.into === anchor.into && lane.lane === anchor.lane) return lane;
  for (const slot of lane.slots) {
    for (const inner of slot.lanes) {
      const found = findLane(inner, anchor);
      if (found) return found;
    }
  }
  return null;
}

function inside({ left, top, right, bottom }: Rect, { x, y }: Point): boolean {
  return x >= left && x <= right && y >= top && y <= bottom;
}

function middle({ top, bottom }: Rect): number {
  return (top + bottom) / 2;
}

function distance({ left, top, right, bottom }: Rect, { x, y }: Point): number {
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
}
