/** A drawing as brightness, 0 to 255, of `SIDE` × `SIDE` pixels. */
export const SIDE = 84;

/** What is sent: the bytes in base 64, and a number that makes two drawings differ. */
export interface Drawing {
  pixels: string;
  count: number;
}

/** Base 64 of the brightness of RGBA pixels; empty when all of it is dark. */
export function encode(rgba: Uint8ClampedArray): string {
  const levels: string[] = [];
  let bright = false;
  for (let at = 0; at < rgba.length; at += 4) {
    const level = rgba[at]!;
    bright ||= level > 0;
    levels.push(String.fromCharCode(level));
  }
  return bright ? btoa(levels.join("")) : "";
}

export interface Point {
  x: number;
  y: number;
}

const STEPS: { [key: string]: Point } = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Where an arrow key moves the pen to, or null for another key. */
export function move(from: Point, key: string, step: number, side: number): Point | null {
  const by = STEPS[key];
  if (!by) return null;
  const within = (value: number): number => Math.min(Math.max(value, 0), side);
  return { x: within(from.x + by.x * step), y: within(from.y + by.y * step) };
}
