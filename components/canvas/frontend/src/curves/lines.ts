import type { Value } from "./protocol";
import type { Record } from "./record";
import { sample, thin, type Points, type Segment } from "./thin";

export type Measure = "loss" | "metric";
export type Role = "batch" | "smooth" | "train" | "validation";

/** One line of the figure: what it shows, and in which of its two charts. */
export interface Line {
  measure: Measure;
  role: Role;
}

export const ROLES: readonly Role[] = ["batch", "smooth", "train", "validation"];
export const LINES: readonly Line[] = (["loss", "metric"] as const).flatMap((measure) =>
  ROLES.map((role) => ({ measure, role })),
);

export const LABELS: { [role in Role]: string } = {
  batch: "Training, batch",
  smooth: "Training, smoothed",
  train: "Training, epoch",
  validation: "Validation, epoch",
};

/** How far the figure has been drawn: batches in whole buckets, and epochs. */
export interface Extent {
  batches: number;
  epochs: number;
}

export interface Coordinates {
  x: number[];
  y: Value[];
}

export function isPerBatch(line: Line): boolean {
  return line.role === "batch" || line.role === "smooth";
}

/** The points of one line within these batches, or from this epoch on. */
export function trace(
  record: Record,
  line: Line,
  segments: readonly Segment[],
  fromEpoch: number,
): Coordinates {
  if (!isPerBatch(line)) return perEpoch(record, line, fromEpoch);
  const coordinates: Coordinates = { x: [], y: [] };
  for (const segment of segments) {
    const points = perBatch(record, line, segment);
    for (const index of points.index) coordinates.x.push(record.at(index));
    for (const value of points.value) coordinates.y.push(value);
  }
  return coordinates;
}

function perBatch(record: Record, line: Line, segment: Segment): Points {
  return line.role === "batch"
    ? thin(record.batches[line.measure], segment)
    : sample(record.smooth[line.measure].values, segment);
}

function perEpoch(record: Record, line: Line, from: number): Coordinates {
  const part = line.role === "train" ? "train" : "val";
  const values = record.epochs[`${part}_${line.measure}`].slice(from);
  return { x: values.map((_, index) => from + index + 1), y: values };
}
