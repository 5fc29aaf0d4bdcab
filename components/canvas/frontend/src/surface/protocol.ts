/** What Python sends (components/surface.py): what a network makes of one or two inputs. */

export interface Axis {
  name: string;
  low: number;
  high: number;
}

export interface Message {
  run: string;
  /** Batches done when the network was looked at; null before the first look. */
  step: number | null;
  /** The input of a line and what is predicted, or both inputs of a plane. */
  axes: [Axis, Axis];
  /** A line's points from left to right, or those of a plane row by row from below; null for NaN. */
  values: (number | null)[];
  /** Points of a plane along its first axis; 0 for a line. */
  columns: number;
  /** The class each point is taken for, `values` being its probability; empty for numbers. */
  classes: number[];
  names: string[];
  /** One for each class, or those of the least and the largest number. */
  colours: string[];
  /** The least and the largest number, for planes of numbers. */
  range: [number, number];
  /** Samples; `label` is their class, or for planes their number. */
  points: { x: number[]; y: number[]; label: number[] };
  height: number;
}
