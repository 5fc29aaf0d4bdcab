import { drawLayout, drawTrace } from "./figure";
import type { Family, Item, View } from "./family";
import { LABELS, LINES, ROLES, trace, type Coordinates, type Role } from "./lines";
import type { Record } from "./record";
import { describe, describeGap } from "./summary";
import type { Theme } from "./theme";
import type { Segment } from "./thin";

const WAITING = "The curves appear here as soon as the first batches are done";

/** Loss above metric, each for batches and for epochs. */
export class Losses implements Family {
  readonly key = "losses";
  readonly lineCount = LINES.length;
  readonly logarithmic = false;
  readonly scale = "Log loss";

  constructor(private readonly record: Record) {}

  get count(): number {
    return this.record.batchCount;
  }

  get epochCount(): number {
    return this.record.epochCount;
  }

  get ended(): boolean {
    return this.record.ended;
  }

  items(theme: Theme): Item[] {
    return ROLES.map((role) => ({ id: role, label: LABELS[role], swatch: drawSwatch(role, theme) }));
  }

  indexAt(epoch: number): number {
    return epoch * this.record.total.batches_per_epoch;
  }

  points(line: number, segments: readonly Segment[], fromEpoch: number): Coordinates {
    return trace(this.record, LINES[line]!, segments, fromEpoch);
  }

  trace(line: number, points: Coordinates, theme: Theme, view: View): { [name: string]: unknown } {
    return drawTrace(LINES[line]!, points, this.record.metric, theme, view);
  }

  still(): [] {
    return [];
  }

  layout(theme: Theme, view: View): { [name: string]: unknown } {
    return drawLayout(this.record, theme, view);
  }

  describe(): string {
    return describe(this.record);
  }

  note(): string {
    return this.count === 0 ? WAITING : (describeGap(this.record) ?? "");
  }
}

const MARKS: { [role in Role]: string } = {
  batch: '<path opacity=".5" d="M0 8l4-5 3 7 4-8 4 7 4-6 5 5"/>',
  smooth: '<path stroke-width="2" d="M0 6h24"/>',
  train: '<circle cx="12" cy="6" r="4" fill="currentColor"/>',
  validation:
    '<path stroke-width="1.5" d="M0 6h5M19 6h5"/><path stroke-width="1.8" d="M12 1.5L16.5 6 12 10.5 7.5 6z"/>',
};

function drawSwatch(role: Role, theme: Theme): string {
  return swatch(role === "validation" ? theme.validation : theme.train, MARKS[role]);
}

export function swatch(colour: string, marks: string): string {
  return (
    `<svg width="24" height="12" viewBox="0 0 24 12" aria-hidden="true" fill="none"` +
    ` style="color: ${colour}" stroke="currentColor">${marks}</svg>`
  );
}
