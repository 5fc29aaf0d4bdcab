/** What Python sends (components/curves.py) and what the browser may ask for. */

/** A measured value; null where the number was not finite (JSON has no NaN). */
export type Value = number | null;

export interface Epochs {
  from: number;
  train_loss: Value[];
  train_metric: Value[];
  val_loss: Value[];
  val_metric: Value[];
}

/** What is shown below the loss; a share is between 0 and 1 and shown in per cent. */
export interface Metric {
  title: string;
  share: boolean;
}

/** Points of one family of lines over steps; another `key` begins anew. */
export interface Track {
  key: string;
  title: string;
  /** Whether values are between 0 and 1 and shown in per cent. */
  share: boolean;
  /** Whether the scale is logarithmic at first, and whether it may be. */
  logarithmic: boolean;
  positive: boolean;
  /** A value to compare with, and what to call it. */
  guide: { value: number; label: string } | null;
  lines: string[];
  /** Number of points before the first one here. */
  from: number;
  steps: number[];
  /** The values of each line. */
  values: Value[][];
}

export interface Message {
  run: string | null;
  metric: Metric;
  /** Number of batches before the first one in `series`. */
  from: number;
  series: { loss: Value[]; metric: Value[] };
  epochs: Epochs;
  total: { batches: number; epochs: number; batches_per_epoch: number };
  ended: boolean;
  /** What is shown instead of loss and metric, or null. */
  track: Track | null;
  /** Another number each time: Streamlit keeps back a message that is like the one before. */
  look: number;
  /** Pixels kept free for the chart from the first moment on. */
  height: number;
}

/** A request for the points that are missing; `ask` makes two requests for the same place differ. */
export interface Want {
  run: string;
  from: number;
  epoch: number;
  track: number;
  ask: number;
}
