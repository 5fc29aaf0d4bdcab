import Plotly, { type Graph } from "plotly.js-basic-dist-min";
import { CONFIG, drawLayout, drawTrace, type View } from "./figure";
import { buildFrame, type Frame } from "./frame";
import { LINES, trace, type Extent, type Role } from "./lines";
import type { Message, Want } from "./protocol";
import { Record } from "./record";
import { describe, describeGap } from "./summary";
import { readTheme, type Theme } from "./theme";
import { bucketFor, plan } from "./thin";

const WAITING = "The curves appear here as soon as the first batches are done";
const ASK_AGAIN_AFTER = 2000;

type Work = "nothing" | "extend" | "redraw";

/** The live figure of one run: takes messages, draws at most once per animation frame. */
export class Chart {
  private readonly record = new Record();
  private readonly frame: Frame;
  private readonly observer: ResizeObserver;
  private theme: Theme;
  private view: View;
  private work: Work = "nothing";
  private scheduled = 0;
  private drawn: Extent & { bucket: number } = { batches: 0, epochs: 0, bucket: 0 };
  private window: { from: number; to: number } | null = null;
  private listening = false;
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
    this.schedule("redraw");
  }

  receive(message: Message): void {
    this.frame.root.style.height = `${message.height}px`;
    const outcome = this.record.accept(message);
    if (outcome === "hole") this.askForRefill();
    if (outcome === "new run") this.resetZoom();
    if (outcome === "more") this.schedule("extend");
    this.retheme();
    this.describe();
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
    this.want({ run, from: batchCount, epoch: epochCount, ask: now });
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
    const bucket = bucketFor(this.record.batchCount);
    const same = this.drawn.bucket === bucket && (this.window === null || bucket === 1);
    return same && !this.record.ended && this.drawn.batches > 0;
  }

  private extend(): void {
    const { bucket, batches, epochs } = this.drawn;
    const to = this.record.batchCount - (this.record.batchCount % bucket);
    const segments = [{ from: batches, to, bucket }];
    const added = LINES.map((line) => trace(this.record, line, segments, epochs));
    this.drawn = { batches: to, epochs: this.record.epochCount, bucket };
    const grown = [...added.keys()].filter((index) => added[index]!.x.length > 0);
    if (grown.length === 0) return;
    const update = { x: grown.map((at) => added[at]!.x), y: grown.map((at) => added[at]!.y) };
    void Plotly.extendTraces(this.frame.plot, update, grown);
  }

  private redraw(): void {
    const { record } = this;
    const bucket = bucketFor(record.batchCount);
    const whole = record.ended ? record.batchCount : record.batchCount - (record.batchCount % bucket);
    const segments = plan(whole, this.window);
    const traces = LINES.map((line) =>
      drawTrace(line, trace(record, line, segments, 0), record.metric, this.theme, this.view),
    );
    const layout = drawLayout(record, this.theme, this.view);
    this.drawn = { batches: whole, epochs: record.epochCount, bucket };
    void Plotly.react(this.frame.plot, traces, layout, CONFIG).then((graph) => this.follow(graph));
  }

  /** Hear of zooming, once the chart exists. */
  private follow(graph: Graph): void {
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
    const { batches_per_epoch } = this.record.total;
    this.window = {
      from: Math.floor(left * batches_per_epoch) - 1,
      to: Math.ceil(right * batches_per_epoch) + 1,
    };
    if (bucketFor(this.record.batchCount) > 1) this.schedule("redraw");
  }

  private resetZoom(): void {
    this.window = null;
    this.view = { ...this.view, zooms: this.view.zooms + 1 };
    this.frame.reset.style.visibility = "hidden";
    this.schedule("redraw");
  }

  private listen(): void {
    for (const [role, button] of this.frame.legend) {
      button.addEventListener("click", () => this.toggle(role, button));
    }
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

  private toggle(role: Role, button: HTMLButtonElement): void {
    const hidden = new Set(this.view.hidden);
    if (!hidden.delete(role)) hidden.add(role);
    this.view = { ...this.view, hidden };
    button.setAttribute("aria-pressed", String(!hidden.has(role)));
    this.schedule("redraw");
  }

  private retheme(): void {
    const theme = readTheme(this.parent);
    this.frame.root.style.setProperty("--curves-train", theme.train);
    this.frame.root.style.setProperty("--curves-validation", theme.validation);
    if (JSON.stringify(theme) === JSON.stringify(this.theme)) return;
    this.theme = theme;
    this.schedule("redraw");
  }

  private describe(): void {
    this.frame.plot.setAttribute("aria-label", describe(this.record));
    const empty = this.record.batchCount === 0;
    this.frame.root.classList.toggle("is-empty", empty);
    this.frame.note.textContent = empty ? WAITING : describeGap(this.record);
  }

  private resize(): void {
    if (!this.listening || this.frame.plot.clientWidth === 0) return;
    Plotly.Plots.resize(this.frame.plot);
  }
}
