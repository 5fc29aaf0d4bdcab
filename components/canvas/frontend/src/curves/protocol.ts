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

export interface Message {
  run: string | null;
  metric: Metric;
  /** Number of batches before the first one in `series`. */
  from: number;
  series: { loss: Value[]; metric: Value[] };
  epochs: Epochs;
  total: { batches: number; epochs: number; batches_per_epoch: number };
  ended: boolean;
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
  ask: number;
}
