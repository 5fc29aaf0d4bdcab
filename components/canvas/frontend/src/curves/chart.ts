import Plotly, { type Graph } from "plotly.js-basic-dist-min";
import type { Family, View } from "./family";
import { CONFIG } from "./figure";
import { buildFrame, createItem, type Frame } from "./frame";
import type { Coordinates, Extent } from "./lines";
import { Losses } from "./losses";
import type { Message, Want } from "./protocol";
import { Record, type Outcome } from "./record";
import { readTheme, type Theme } from "./theme";
import { bucketFor, plan, type Segment } from "./thin";
import { TrackRecord } from "./track";
import { Tracks } from "./tracks";

const ASK_AGAIN_AFTER = 2000;

type Work = "nothing" | "extend" | "redraw";

/** The live figure of one run: takes messages, draws at most once per animation frame. */
export class Chart {
  private readonly record = new Record();
  private readonly track = new TrackRecord();
  private readonly losses = new Losses(this.record);
  private family: Family = this.losses;
  private readonly frame: Frame;
  private readonly observer: ResizeObserver;
  private theme: Theme;
  private view: View;
  private work: Work = "nothing";
  private scheduled = 0;
  private drawn: Extent & { bucket: number } = { batches: 0, epochs: 0, bucket: 0 };
  private window: { from: number; to: number } | null = null;
  private listening = false;
  private lossScale = false;
  private asked = { count: 0, at: 0 };

  constructor(
    private readonly parent: HTMLElement,
    private readonly want: (want: Want) => void,
  ) {
    this.frame = buildFrame();
    parent.append(this.frame.root);
    this.theme = readTheme(parent);
    const touch = window.matchMedia?.("(pointer: coarse)").matches ?? false;
    this.view = { logarithmic: false, hidden: new Set(), zooms: 0, touch };
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.frame.plot);
    this.listen();
    this.show(this.losses);
  }

  receive(message: Message): void {
    this.frame.root.style.height = `${message.height}px`;
    const outcomes = [this.record.accept(message), this.track.accept(message)];
    if (outcomes.includes("hole")) this.askForRefill();
    const { spec, key } = this.track;
    if (key !== "" && spec !== null && this.family.key !== key) {
      this.show(new Tracks(this.record, this.track, spec));
    } else if (key === "" && this.family !== this.losses) {
      this.show(this.losses);
    } else {
      this.follow(outcomes);
    }
    this.retheme();
    this.describe();
  }

  private follow(outcomes: Outcome[]): void {
    if (outcomes.includes("new run")) this.resetZoom();
    if (outcomes.includes("more")) this.schedule("extend");
  }

  /** Another figure in the same place; a loss on a logarithmic scale stays on it. */
  private show(family: Family): void {
    if (this.family === this.losses) this.lossScale = this.view.logarithmic;
    this.family = family;
    const logarithmic = family === this.losses ? this.lossScale : family.logarithmic === true;
    this.view = { ...this.view, logarithmic, hidden: new Set() };
    const button = this.frame.logarithmic;
    button.textContent = family.scale;
    button.style.visibility = family.logarithmic === null ? "hidden" : "visible";
    button.setAttribute("aria-pressed", String(logarithmic));
    this.drawLegend();
    this.resetZoom();
  }

  private drawLegend(): void {
    const items = this.family.items(this.theme).map((item) => {
      const button = createItem(item, !this.view.hidden.has(item.id));
      button.addEventListener("click", () => this.toggle(item.id, button));
      return button;
    });
    this.frame.legend.replaceChildren(...items);
  }

  destroy(): void {
    cancelAnimationFrame(this.scheduled);
    this.observer.disconnect();
    Plotly.purge(this.frame.plot);
    this.frame.root.remove();
  }

  private askForRefill(): void {
    const now = Date.now();
    if (this.record.run === null || now - this.asked.at < ASK_AGAIN_AFTER) return;
    this.asked = { count: this.asked.count + 1, at: now };
    const { run, batchCount, epochCount } = this.record;
    this.want({ run, from: batchCount, epoch: epochCount, track: this.track.steps.length, ask: now });
  }

  private schedule(work: "extend" | "redraw"): void {
    if (this.work !== "redraw") this.work = work;
    if (this.scheduled) return;
    this.scheduled = requestAnimationFrame(() => {
      this.scheduled = 0;
      this.draw();
    });
  }

  private draw(): void {
    const extend = this.work === "extend" && this.canExtend();
    this.work = "nothing";
    if (extend) this.extend();
    else this.redraw();
  }

  /** Only whole buckets of the same size may be added; a closer look at a part is drawn anew. */
  private canExtend(): boolean {
    const bucket = bucketFor(this.family.count);
    const same = this.drawn.bucket === bucket && (this.window === null || bucket === 1);
    return same && !this.family.ended && this.drawn.batches > 2;
  }

  private extend(): void {
    const { bucket, batches, epochs } = this.drawn;
    const { count, epochCount } = this.family;
    const to = count - (count % bucket);
    const added = this.trace([{ from: batches, to, bucket }], epochs);
    this.drawn = { batches: to, epochs: epochCount, bucket };
    const grown = [...added.keys()].filter((index) => added[index]!.x.length > 0);
    if (grown.length === 0) return;
    const update = { x: grown.map((at) => added[at]!.x), y: grown.map((at) => added[at]!.y) };
    void Plotly.extendTraces(this.frame.plot, update, grown);
  }

  private trace(segments: Segment[], fromEpoch: number): Coordinates[] {
    const lines = Array.from({ length: this.family.lineCount }, (_, line) => line);
    return lines.map((line) => this.family.points(line, segments, fromEpoch));
  }

  private redraw(): void {
    const { family, theme, view } = this;
    const bucket = bucketFor(family.count);
    const whole = family.ended ? family.count : family.count - (family.count % bucket);
    const traces = this.trace(plan(whole, this.window), 0).map((points, line) =>
      family.trace(line, points, theme, view),
    );
    this.drawn = { batches: whole, epochs: family.epochCount, bucket };
    void Plotly.react(
      this.frame.plot,
      [...traces, ...family.still(theme)],
      family.layout(theme, view),
      CONFIG,
    ).then((graph) => this.hear(graph));
  }

  /** Hear of zooming, once the chart exists. */
  private hear(graph: Graph): void {
    if (this.listening) return;
    this.listening = true;
    graph.on("plotly_relayout", (change) => this.zoom(change ?? {}));
    graph.on("plotly_doubleclick", () => this.resetZoom());
  }

  private zoom(change: { [attribute: string]: unknown }): void {
    if (!Object.keys(change).some((name) => /axis\d*\.range/.test(name))) return;
    this.frame.reset.style.visibility = "visible";
    const left = change["xaxis.range[0]"];
    const right = change["xaxis.range[1]"];
    if (typeof left !== "number" || typeof right !== "number") return;
    this.window = {
      from: Math.floor(this.family.indexAt(left)) - 1,
      to: Math.ceil(this.family.indexAt(right)) + 1,
    };
    if (bucketFor(this.family.count) > 1) this.schedule("redraw");
  }

  private resetZoom(): void {
    this.window = null;
    this.view = { ...this.view, zooms: this.view.zooms + 1 };
    this.frame.reset.style.visibility = "hidden";
    this.schedule("redraw");
  }

  private listen(): void {
    // Plotly would keep a finger from scrolling the page; a tap still shows the values, as a click.
    const plot = this.frame.plot;
    plot.addEventListener("touchstart", (event) => event.stopPropagation(), { capture: true, passive: true });
    this.frame.reset.addEventListener("click", () => this.resetZoom());
    this.frame.logarithmic.addEventListener("click", () => {
      this.view = { ...this.view, logarithmic: !this.view.logarithmic };
      this.frame.logarithmic.setAttribute("aria-pressed", String(this.view.logarithmic));
      this.schedule("redraw");
    });
  }

  private toggle(id: string, button: HTMLButtonElement): void {
    const hidden = new Set(this.view.hidden);
    if (!hidden.delete(id)) hidden.add(id);
    this.view = { ...this.view, hidden };
    button.setAttribute("aria-pressed", String(!hidden.has(id)));
    this.schedule("redraw");
  }

  private retheme(): void {
    const theme = readTheme(this.parent);
    if (JSON.stringify(theme) === JSON.stringify(this.theme)) return;
    this.theme = theme;
    this.drawLegend();
    this.schedule("redraw");
  }

  private describe(): void {
    this.frame.plot.setAttribute("aria-label", this.family.describe());
    this.frame.root.classList.toggle("is-empty", this.family.count === 0);
    this.frame.note.textContent = this.family.note();
  }

  private resize(): void {
    if (!this.listening || this.frame.plot.clientWidth === 0) return;
    Plotly.Plots.resize(this.frame.plot);
  }
}
