import type { Message, Track, Value } from "../../src/curves/protocol";

/** A message with losses 1, 1/2, 1/3 … and one metric for all batches. */
export function message(from: number, to: number, changes: Partial<Message> = {}): Message {
  const indices = Array.from({ length: to - from }, (_, at) => from + at);
  return {
    run: "r1",
    metric: { title: "accuracy", share: true },
    from,
    series: { loss: indices.map((at) => 1 / (at + 1)), metric: indices.map(() => 0.5) },
    epochs: epochs(0, 0),
    total: { batches: 100, epochs: 10, batches_per_epoch: 10 },
    ended: false,
    track: null,
    look: 1,
    height: 440,
    ...changes,
  };
}

export function epochs(from: number, to: number): Message["epochs"] {
  const values = (value: Value): Value[] => Array.from({ length: to - from }, () => value);
  return {
    from,
    train_loss: values(0.4),
    train_metric: values(0.8),
    val_loss: values(0.5),
    val_metric: values(0.75),
  };
}

/** Points of two layers, every fifth batch: 1, 2, 3 … and ten times as much. */
export function track(from: number, to: number, changes: Partial<Track> = {}): Track {
  const numbers = Array.from({ length: to - from }, (_, at) => from + at + 1);
  const values: Value[][] = [numbers, numbers.map((each) => 10 * each)];
  const lines = changes.lines ?? ["Linear 0", "Linear <out>"];
  return {
    key: "gradient_norms/0,2",
    title: "Gradient norm",
    share: false,
    logarithmic: true,
    positive: true,
    guide: { value: 0.5, label: "usual" },
    from,
    steps: numbers.map((each) => 5 * each),
    ...changes,
    lines,
    values: values.slice(0, lines.length),
  };
}
