import type { Message, Metric, Value } from "./protocol";
import { Smoother } from "./smooth";

const EPOCH_SERIES = ["train_loss", "train_metric", "val_loss", "val_metric"] as const;
const BATCH_SERIES = ["loss", "metric"] as const;

export type Outcome = "new run" | "more" | "nothing" | "hole";

/** Everything the browser holds of one run. Messages may overlap and repeat; a hole changes nothing. */
export class Record {
  run: string | null = null;
  ended = false;
  metric: Metric = { title: "accuracy", share: true };
  total = { batches: 0, epochs: 0, batches_per_epoch: 1 };
  batches = { loss: [] as Value[], metric: [] as Value[] };
  smooth = { loss: new Smoother(1), metric: new Smoother(1) };
  epochs = {
    train_loss: [] as Value[],
    train_metric: [] as Value[],
    val_loss: [] as Value[],
    val_metric: [] as Value[],
  };

  get batchCount(): number {
    return this.batches.loss.length;
  }

  get epochCount(): number {
    return this.epochs.val_loss.length;
  }

  /** Position on the x axis, in epochs, of the batch with this index. */
  at(index: number): number {
    return (index + 1) / this.total.batches_per_epoch;
  }

  accept(message: Message): Outcome {
    const fresh = message.run !== this.run;
    if (fresh) this.reset(message.run);
    const known = this.total.batches_per_epoch;
    this.total = message.total;
    this.metric = message.metric;
    if (known !== this.total.batches_per_epoch) this.setWindow();
    if (message.from > this.batchCount || message.epochs.from > this.epochCount) {
      return "hole";
    }
    const before = this.batchCount + this.epochCount;
    const endedBefore = this.ended;
    this.append(message);
    this.ended = message.ended;
    if (fresh) return "new run";
    const grown = this.batchCount + this.epochCount > before;
    return grown || endedBefore !== this.ended ? "more" : "nothing";
  }

  private reset(run: string | null): void {
    this.run = run;
    this.ended = false;
    this.batches = { loss: [], metric: [] };
    this.epochs = { train_loss: [], train_metric: [], val_loss: [], val_metric: [] };
    this.setWindow();
  }

  private setWindow(): void {
    const window = Math.min(100, Math.max(8, Math.round(this.total.batches_per_epoch / 4)));
    for (const name of BATCH_SERIES) {
      this.smooth[name] = new Smoother(window);
      this.smooth[name].extend(this.batches[name]);
    }
  }

  private append(message: Message): void {
    for (const name of BATCH_SERIES) {
      const added = message.series[name].slice(this.batches[name].length - message.from);
      push(this.batches[name], added);
      this.smooth[name].extend(added);
    }
    for (const name of EPOCH_SERIES) {
      const values = this.epochs[name];
      push(values, message.epochs[name].slice(values.length - message.epochs.from));
    }
  }
}

/** Append one by one: spreading 100,000 arguments into push() overflows the stack. */
function push(values: Value[], added: readonly Value[]): void {
  for (const value of added) values.push(value);
}
