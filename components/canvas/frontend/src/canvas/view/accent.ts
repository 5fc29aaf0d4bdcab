// A category's colour: a hue by its place in the catalogue, so that a new one needs no line here.

import type { Catalogue } from "../model/protocol";

const HUES = [255, 225, 195, 160, 130, 95, 65, 35, 340, 310, 285] as const;

/** Inline style that sets the hue which the style sheet turns into an accent with enough contrast. */
export function accent(catalogue: Catalogue | null, kind: string): string {
  const category = catalogue?.kinds[kind]?.category;
  const index = catalogue?.categories.findIndex(({ name }) => name === category) ?? -1;
  return `--hue:${HUES[(index < 0 ? 0 : index) % HUES.length]}`;
}
