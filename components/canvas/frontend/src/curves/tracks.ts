import type { Data } from "plotly.js-basic-dist-min";
import type { Family, Item, View } from "./family";
import { chooseTicks, drawAxis, drawEpochAxis, drawFrame, drawTitle } from "./figure";
import type { Coordinates } from "./lines";
import { swatch } from "./losses";
import type { Track, Value } from "./protocol";
import type { Record } from "./record";
import type { Theme } from "./theme";
import { thin, type Segment } from "./thin";
import type { TrackRecord } from "./track";

const DASHES = ["solid", "dash", "dot"] as const;
const DASH_MARKS = ["M0 6h24", "M0 6h6M9 6h6M18 6h6", "M0 6h3M7 6h3M14 6h3M21 6h3"] as const;

/** One chart of lines over steps: a learning rate, a speed, or a number of each layer. */
export class Tracks implements Family {
  readonly key: string;
  readonly epochCount = 0;
  readonly scale = "Log scale";

  constructor(
    private readonly record: Record,
    private readonly track: TrackRecord,
    private readonly spec: Track,
  ) {
    this.key = track.key;
  }

  get count(): number {
    return this.track.steps.length;
  }

  get lineCount(): number {
    return this.spec.lines.length;
  }

  get ended(): boolean {
    return this.record.ended;
  }

  get logarithmic(): boolean | null {
    return this.spec.positive ? this.spec.logarithmic : null;
  }

  items(theme: Theme): Item[] {
    if (this.lineCount < 2) return [];
    return this.spec.lines.map((label, line) => {
      const dash = DASH_MARKS[this.dash(line, theme)]!;
      return { id: label, label, swatch: swatch(this.colour(line, theme), `<path stroke-width="2" d="${dash}"/>`) };
    });
  }

  /** By halving: steps only grow. */
  indexAt(epoch: number): number {
    const step = epoch * this.record.total.batches_per_epoch;
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.track.steps[middle]! < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  points(line: number, segments: readonly Segment[]): Coordinates {
    const coordinates: Coordinates = { x: [], y: [] };
    for (const segment of segments) {
      const points = thin(this.track.values[line]!, segment);
      for (const index of points.index) coordinates.x.push(this.at(this.track.steps[index]!));
      for (const value of points.value) coordinates.y.push(value);
    }
    return coordinates;
  }

  trace(line: number, points: Coordinates, theme: Theme, view: View): Data {
    const name = this.spec.lines[line]!;
    return {
      type: "scatter",
      ...points,
      name: "",
      visible: !view.hidden.has(name),
      connectgaps: false,
      hovertemplate: `${escape(name)} %{y:${this.spec.share ? ".1%" : ".4g"}}`,
      mode: this.count < 3 ? "lines+markers" : "lines",
      line: { color: this.colour(line, theme), width: 1.75, dash: DASHES[this.dash(line, theme)] },
    };
  }

  still(theme: Theme): Data[] {
    const { guide } = this.spec;
    if (guide === null) return [];
    return [
      {
        type: "scatter",
        x: [0, this.record.total.epochs],
        y: [guide.value, guide.value],
        mode: "lines+text",
        text: ["", escape(guide.label)],
        textposition: "top left",
        textfont: { color: theme.faint, size: 11 },
        line: { color: theme.faint, width: 1, dash: "dot" },
        hoverinfo: "skip",
      },
    ];
  }

  layout(theme: Theme, view: View): Data {
    const run = `${this.key}/${view.zooms}`;
    return {
      ...drawFrame(theme, view, run),
      xaxis: { ...drawAxis(theme), ...drawEpochAxis(this.record, theme), uirevision: run },
      yaxis: { ...drawAxis(theme), ...this.axis(view), uirevision: `${run}/${view.logarithmic}` },
      annotations: [drawTitle(escape(this.spec.title), 1, theme)],
    };
  }

  describe(): string {
    const { title, lines } = this.spec;
    const step = this.track.steps.at(-1);
    if (step === undefined) return `${title}: no values yet`;
    const latest = lines.map((name, line) => `${name} ${this.say(this.track.values[line]!.at(-1))}`);
    return `${title} after batch ${step} of ${this.record.total.batches}: ${latest.join(", ")}`;
  }

  note(): string {
    if (this.count > 0) return "";
    if (this.record.run === null || !this.ended) return "The lines appear here as soon as the first batches are done";
    return "This run has not measured it";
  }

  private axis(view: View): Data {
    if (this.count === 0) return { range: [0, 1], showticklabels: false };
    if (view.logarithmic) {
      const tickvals = chooseTicks(this.track.values.flat());
      return { type: "log", autorange: true, tickvals, tickformat: "~g" };
    }
    if (this.spec.share) return { type: "linear", range: [-0.02, 1.03], tickformat: ".0%", nticks: 6 };
    const rangemode = this.spec.positive ? "tozero" : "normal";
    return { type: "linear", autorange: true, rangemode, nticks: 7, tickformat: ",~g" };
  }

  private at(step: number): number {
    return step / this.record.total.batches_per_epoch;
  }

  private say(value: Value | undefined): string {
    if (value == null) return "has none";
    return this.spec.share ? `${(100 * value).toFixed(1)} %` : String(Number(value.toPrecision(3)));
  }

  private colour(line: number, theme: Theme): string {
    return theme.lines[line % theme.lines.length]!;
  }

  private dash(line: number, theme: Theme): number {
    return Math.floor(line / theme.lines.length) % DASHES.length;
  }
}

/** Plotly reads some tags in its texts. */
function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
