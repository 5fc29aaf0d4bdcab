import { encode, move, SIDE, type Drawing, type Point } from "./strokes";

/** Pixels of the drawing itself; on the screen it may be smaller. */
const WIDE = 280;
const STEP = 7;

/** A dark square to draw on in white, by mouse, finger, pen or keyboard. */
export class Pad {
  private readonly root = document.createElement("div");
  private readonly canvas = document.createElement("canvas");
  private readonly brush = document.createElement("input");
  private readonly note = document.createElement("p");
  private readonly pen: CanvasRenderingContext2D | null;
  private at: Point = { x: WIDE / 2, y: WIDE / 4 };
  private drawing = false;
  private count = 0;

  constructor(
    parent: HTMLElement,
    private readonly send: (drawing: Drawing) => void,
    brush: number,
  ) {
    this.root.className = "stackyard-pad";
    this.root.innerHTML = `<style>${CSS}</style>`;
    this.canvas.width = this.canvas.height = WIDE;
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", "Drawing pad");
    this.note.id = `pad-note-${Math.random().toString(36).slice(2)}`;
    this.note.textContent = "With keys: arrows move the pen, Space sets it down and lifts it.";
    this.canvas.setAttribute("aria-describedby", this.note.id);
    this.root.append(this.canvas, this.buildTools(Math.round(brush * WIDE)), this.note);
    parent.append(this.root);
    this.pen = this.canvas.getContext("2d", { willReadFrequently: true });
    this.blacken();
    this.listen();
  }

  destroy(): void {
    this.root.remove();
  }

  private buildTools(width: number): HTMLElement {
    const tools = document.createElement("div");
    const label = document.createElement("label");
    Object.assign(this.brush, { type: "range", min: "8", max: "60", value: String(width) });
    label.append("Brush", this.brush);
    const clear = document.createElement("button");
    clear.type = "button";
    clear.textContent = "Clear";
    clear.addEventListener("click", () => this.clear());
    tools.append(label, clear);
    tools.className = "pad-tools";
    return tools;
  }

  private listen(): void {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.down(this.find(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      const moves = event.getCoalescedEvents?.() ?? [];
      for (const each of moves.length ? moves : [event]) this.line(this.find(each));
    });
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => this.lift());
    canvas.addEventListener("keydown", (event) => this.press(event));
    canvas.addEventListener("blur", () => this.lift());
  }

  private press(event: KeyboardEvent): void {
    const next = move(this.at, event.key, STEP, WIDE);
    if (next) {
      if (this.drawing) this.line(next);
      this.at = next;
    } else if (event.key === " ") {
      if (this.drawing) this.lift();
      else this.down(this.at);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.clear();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private find(event: PointerEvent): Point {
    const frame = this.canvas.getBoundingClientRect();
    const scale = WIDE / (frame.width || WIDE);
    return { x: (event.clientX - frame.left) * scale, y: (event.clientY - frame.top) * scale };
  }

  private down(point: Point): void {
    this.drawing = true;
    this.at = point;
    this.line(point);
  }

  private line(to: Point): void {
    if (this.pen) {
      this.pen.lineWidth = Number(this.brush.value);
      this.pen.beginPath();
      this.pen.moveTo(this.at.x, this.at.y);
      this.pen.lineTo(to.x, to.y);
      this.pen.stroke();
    }
    this.at = to;
  }

  private lift(): void {
    if (!this.drawing) return;
    this.drawing = false;
    this.tell();
  }

  private clear(): void {
    this.drawing = false;
    this.blacken();
    this.tell();
  }

  private blacken(): void {
    if (!this.pen) return;
    this.pen.fillStyle = "#000";
    this.pen.fillRect(0, 0, WIDE, WIDE);
    this.pen.strokeStyle = "#fff";
    this.pen.lineCap = this.pen.lineJoin = "round";
  }

  private tell(): void {
    const small = document.createElement("canvas");
    small.width = small.height = SIDE;
    const pen = small.getContext("2d");
    if (!pen) return;
    pen.imageSmoothingQuality = "high";
    pen.drawImage(this.canvas, 0, 0, SIDE, SIDE);
    this.count += 1;
    this.send({ pixels: encode(pen.getImageData(0, 0, SIDE, SIDE).data), count: this.count });
  }
}

const CSS = `
.stackyard-pad { display: flex; flex-direction: column; gap: 8px; width: 280px; max-width: 100%; font-family: var(--st-font);
  font-size: 14px; color: var(--st-text-color); }
.stackyard-pad canvas { width: 100%; aspect-ratio: 1; touch-action: none; cursor: crosshair; background: #000; box-sizing: border-box;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius, 8px); }
.stackyard-pad canvas:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.pad-tools { display: flex; align-items: center; justify-content: space-between; gap: 12px; }
.pad-tools label { display: flex; align-items: center; gap: 8px; min-width: 0; }
.pad-tools input { accent-color: var(--st-primary-color); width: 120px; min-width: 0; }
.pad-tools button { font: inherit; color: inherit; cursor: pointer; background: none; border: 1px solid var(--st-border-color);
  border-radius: var(--st-button-radius, 8px); padding: 4px 14px; }
.pad-tools button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
.pad-tools :is(button, input):focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.stackyard-pad p { margin: 0; font-size: 12px; opacity: .7; }
`;
