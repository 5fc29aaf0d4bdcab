import { channels } from "../curves/theme";
import type { Message } from "./protocol";

const FAINT = 0.12;
const STRONG = 0.6;

/** Red, green, blue and opacity of each point of a plane, four bytes each, its upper row first. */
export function shade(message: Message, background: string): Uint8ClampedArray<ArrayBuffer> {
  const { values, columns } = message;
  const pixels = new Uint8ClampedArray(4 * values.length);
  const rows = values.length / columns;
  const ground = channels(background);
  const colours = message.colours.map(channels);
  values.forEach((value, at) => {
    const [red, green, blue] =
      value === null ? ground : mix(ground, ...tint(message, colours, value, message.classes[at]));
    const upsideDown = (rows - 1 - Math.floor(at / columns)) * columns + (at % columns);
    pixels.set([red, green, blue, 255], 4 * upsideDown);
  });
  return pixels;
}

type Colour = [number, number, number];

/** The colour of a point, and how strongly it covers the ground. */
function tint(message: Message, colours: Colour[], value: number, found: number | undefined): [Colour, number] {
  if (found === undefined) {
    return [mix(colours[0]!, colours[1]!, place(value, message.range)), STRONG];
  }
  const chance = 1 / Math.max(message.names.length, 2);
  const sure = Math.max(0, (value - chance) / (1 - chance));
  return [colours[found % colours.length]!, FAINT + (STRONG - FAINT) * sure];
}

/** Where a number lies between two others, from 0 to 1. */
export function place(value: number, [low, high]: [number, number]): number {
  return Math.min(Math.max((value - low) / (high - low || 1), 0), 1);
}

export function mix(one: Colour, other: Colour, share: number): Colour {
  return [0, 1, 2].map((at) => Math.round(one[at]! + (other[at]! - one[at]!) * share)) as Colour;
}
