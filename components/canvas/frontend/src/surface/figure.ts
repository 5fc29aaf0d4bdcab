import { channels, readTheme, type Theme } from "../curves/theme";
import { addMark } from "./marks";
import type { Axis, Message } from "./protocol";
import { mix, place, shade } from "./shade";
import { describe } from "./summary";
import { label, ticks } from "./ticks";

const LEFT = 52;
const BOTTOM = 40;
const EDGE = 8;
/** Pixels between two marks of an axis, at least. */
const APART = 52;

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** One canvas, drawn anew as a whole at most once per animation frame, so that nothing flickers. */
export class Figure {
  private readonly root = document.createElement("div");
  private readonly legend = document.createElement("div");
  private readonly canvas = document.createElement("canvas");
  private readonly observer = new ResizeObserver(() => this.schedule());
  private message: Message | null = null;
  private scheduled = 0;

  constructor(private readonly parent: HTMLElement) {
    this.root.className = "stackyard-surface";
    const style = document.createElement("style");
    style.textContent = CSS;
    this.legend.className = "surface-legend";
    this.canvas.setAttribute("role", "img");
    this.root.append(style, this.legend, this.canvas);
    parent.append(this.root);
    this.observer.observe(this.root);
  }

  receive(message: Message): void {
    const named = this.message?.names.join() === message.names.join();
    this.message = message;
    this.canvas.style.height = `${message.height}px`;
    this.canvas.setAttribute("aria-label", describe(message));
    this.canvas.dataset["step"] = String(message.step ?? "");
    if (!named) this.fillLegend(message);
    this.schedule();
  }

  destroy(): void {
    cancelAnimationFrame(this.scheduled);
    this.observer.disconnect();
    this.root.remove();
  }

  private fillLegend(message: Message): void {
    const items = message.names.map((name, number) => {
      const item = document.createElement("span");
      const pen = legendMark(number, message.colours[number % message.colours.length]!);
      item.append(pen, name);
      return item;
    });
    this.legend.replaceChildren(...items);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = requestAnimationFrame(() => {
      this.scheduled = 0;
      if (this.message) this.draw(this.message);
    });
  }

  private draw(message: Message): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const pen = this.canvas.getContext("2d");
    if (!pen || width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const theme = readTheme(this.parent);
    const box = fit(message, width, height);
    if (message.columns) drawPlane(pen, box, message, theme);
    drawAxes(pen, box, message, theme);
    pen.save();
    pen.beginPath();
    pen.rect(box.left, box.top, box.width, box.height);
    pen.clip();
    drawPoints(pen, box, message, theme);
    if (!message.columns) drawLine(pen, box, message, theme);
    pen.restore();
  }
}

/** Where the axes lie: a plane keeps its proportions, within limits, in the middle. */
function fit(message: Message, width: number, height: number): Box {
  const room = { width: width - LEFT - EDGE, height: height - BOTTOM - EDGE };
  const [across, up] = message.axes.map((axis) => axis.high - axis.low) as [number, number];
  const proportion = message.columns ? Math.min(Math.max(across / up, 0.8), 1.6) : Infinity;
  const wide = Math.min(room.width, room.height * proportion);
  return { left: LEFT + (room.width - wide) / 2, top: EDGE, width: wide, height: room.height };
}

const toX = (box: Box, axis: Axis, value: number): number =>
  box.left + ((value - axis.low) / (axis.high - axis.low)) * box.width;
const toY = (box: Box, axis: Axis, value: number): number =>
  box.top + (1 - (value - axis.low) / (axis.high - axis.low)) * box.height;

function drawPlane(pen: CanvasRenderingContext2D, box: Box, message: Message, theme: Theme): void {
  const rows = message.values.length / message.columns;
  if (rows === 0) return;
  const small = document.createElement("canvas");
  small.width = message.columns;
  small.height = rows;
  const pixels = new ImageData(shade(message, theme.background), message.columns, rows);
  small.getContext("2d")?.putImageData(pixels, 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = "high";
  // The outermost points lie on the edges: half a point more on each side is left out.
  const [halfX, halfY] = [box.width / (message.columns - 1) / 2, box.height / (rows - 1) / 2];
  pen.save();
  pen.beginPath();
  pen.rect(box.left, box.top, box.width, box.height);
  pen.clip();
  pen.drawImage(small, box.left - halfX, box.top - halfY, box.width + 2 * halfX, box.height + 2 * halfY);
  pen.restore();
}

function drawAxes(pen: CanvasRenderingContext2D, box: Box, message: Message, theme: Theme): void {
  const [across, up] = message.axes;
  const bottom = box.top + box.height;
  pen.font = `12px ${theme.font}`;
  pen.fillStyle = theme.faint;
  pen.strokeStyle = theme.grid;
  pen.lineWidth = 1;
  pen.strokeRect(box.left, box.top, box.width, box.height);
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const value of ticks(across.low, across.high, box.width / APART)) {
    const x = toX(box, across, value);
    if (!message.columns) grid(pen, x, box.top, x, bottom);
    pen.fillText(label(value), x, bottom + 6);
  }
  pen.fillText(across.name, box.left + box.width / 2, bottom + 23, box.width);
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const value of ticks(up.low, up.high, box.height / APART)) {
    const y = toY(box, up, value);
    if (!message.columns) grid(pen, box.left, y, box.left + box.width, y);
    pen.fillText(label(value), box.left - 6, y);
  }
  pen.save();
  pen.translate(box.left - 44, box.top + box.height / 2);
  pen.rotate(-Math.PI / 2);
  pen.textAlign = "center";
  pen.fillText(up.name, 0, 0, box.height);
  pen.restore();
}

function grid(pen: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

function drawPoints(pen: CanvasRenderingContext2D, box: Box, message: Message, theme: Theme): void {
  const [across, up] = message.axes;
  const { x, y, label: labels } = message.points;
  const colours = message.colours.map(channels);
  const named = message.names.length > 0;
  pen.strokeStyle = theme.background;
  pen.lineWidth = 0.75;
  pen.globalAlpha = message.columns ? 0.9 : 0.35;
  x.forEach((value, at) => {
    const number = labels[at] ?? 0;
    const colour = named || !message.columns
      ? message.colours[number % message.colours.length]!
      : `rgb(${mix(colours[0]!, colours[1]!, place(number, message.range)).join()})`;
    pen.fillStyle = colour;
    pen.beginPath();
    addMark(pen, named ? number : 0, toX(box, across, value), toY(box, up, y[at]!), message.columns ? 3.2 : 2.2);
    pen.fill();
    if (message.columns) pen.stroke();
  });
  pen.globalAlpha = 1;
}

function drawLine(pen: CanvasRenderingContext2D, box: Box, message: Message, theme: Theme): void {
  const [across, up] = message.axes;
  const last = message.values.length - 1;
  pen.strokeStyle = theme.validation;
  pen.lineWidth = 3;
  pen.lineJoin = "round";
  pen.beginPath();
  let down = false;
  message.values.forEach((value, at) => {
    if (value === null) {
      down = false;
      return;
    }
    const x = toX(box, across, across.low + ((across.high - across.low) * at) / last);
    if (down) pen.lineTo(x, toY(box, up, value));
    else pen.moveTo(x, toY(box, up, value));
    down = true;
  });
  pen.stroke();
}

/** The mark of a class in the legend, drawn by the same shapes. */
function legendMark(number: number, colour: string): HTMLCanvasElement {
  const mark = document.createElement("canvas");
  [mark.width, mark.height] = [24, 24];
  mark.setAttribute("aria-hidden", "true");
  const pen = mark.getContext("2d");
  if (!pen) return mark;
  pen.fillStyle = colour;
  pen.beginPath();
  addMark(pen, number, 12, 12, 7);
  pen.fill();
  return mark;
}

const CSS = `
.stackyard-surface { width: 100%; font-family: var(--st-font); color: var(--st-text-color); }
.stackyard-surface > canvas { display: block; width: 100%; }
.surface-legend { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 13px; justify-content: center; }
.surface-legend span { display: inline-flex; align-items: center; gap: 5px; }
.surface-legend canvas { width: 12px; height: 12px; }
`;
