import type { Data } from "plotly.js-basic-dist-min";
import type { Coordinates } from "./lines";
import type { Segment } from "./thin";
import type { Theme } from "./theme";

/** What the person has chosen about the figure. */
export interface View {
  logarithmic: boolean;
  /** Legend items that are switched off. */
  hidden: ReadonlySet<string>;
  /** Raised to drop the zoom. */
  zooms: number;
  touch: boolean;
}

/** One item of the legend: it switches lines on and off. */
export interface Item {
  id: string;
  label: string;
  /** An SVG drawing of its lines. */
  swatch: string;
}

/** A figure's lines: points that are thinned, and some that never are (one for each epoch). */
export interface Family {
  /** Another one for another figure. */
  readonly key: string;
  readonly count: number;
  readonly epochCount: number;
  readonly lineCount: number;
  readonly ended: boolean;
  /** Whether the scale is logarithmic at first; null where it can't be. */
  readonly logarithmic: boolean | null;
  /** The words on the switch of the scale. */
  readonly scale: string;
  items(theme: Theme): Item[];
  /** The number of points left of this place on the axis of epochs. */
  indexAt(epoch: number): number;
  points(line: number, segments: readonly Segment[], fromEpoch: number): Coordinates;
  trace(line: number, points: Coordinates, theme: Theme, view: View): Data;
  /** Traces that do not grow, drawn behind the others' legend. */
  still(theme: Theme): Data[];
  layout(theme: Theme, view: View): Data;
  /** One sentence for people who hear the page. */
  describe(): string;
  /** What to say on top of the figure; empty for nothing. */
  note(): string;
}
