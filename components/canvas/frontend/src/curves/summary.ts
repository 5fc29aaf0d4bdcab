import type { Value } from "./protocol";
import type { Record } from "./record";

/** One sentence with the latest values, for people who hear the page. */
export function describe(record: Record): string {
  const { title, share } = record.metric;
  const said = (value: Value | undefined) => `${title} ${share ? percent(value) : number(value)}`;
  if (record.run === null || record.batchCount === 0) return `Loss and ${title}: no values yet`;
  const batches = `Loss and ${title} after batch ${record.batchCount} of ${record.total.batches}`;
  const { loss, metric } = record.batches;
  const parts = [`${batches}: loss ${number(loss.at(-1))}, ${said(metric.at(-1))}`];
  if (record.epochCount > 0) {
    const { train_loss, train_metric, val_loss, val_metric } = record.epochs;
    parts.push(
      `after epoch ${record.epochCount} of ${record.total.epochs}: ` +
        `training loss ${number(train_loss.at(-1))}, ${said(train_metric.at(-1))}`,
      `validation loss ${number(val_loss.at(-1))}, ${said(val_metric.at(-1))}`,
    );
  }
  return parts.join("; ");
}

/** The note about values that a line cannot show, or null. */
export function describeGap(record: Record): string | null {
  const first = record.batches.loss.indexOf(null);
  if (first < 0) return null;
  return `From batch ${first + 1} on the loss is not always a finite number: such values are left out.`;
}

function number(value: Value | undefined): string {
  return value == null ? "not a finite number" : String(Number(value.toPrecision(3)));
}

function percent(value: Value | undefined): string {
  return value == null ? "not known" : `${(100 * value).toFixed(1)} %`;
}
