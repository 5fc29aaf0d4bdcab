// Cards as text: what is copied, in the form of a saved network's blocks, and what may be pasted.

import type { Block, Card, Catalogue, Lane, Value } from "./protocol";
import type { Parsed } from "./values";

/** As many characters as a saved network may have. */
const LIMIT = 5_000_000;

export function toBlock(card: Card): Block {
  const { id, kind, name, params, bypassed, frozen, lanes } = card;
  return {
    id, kind,
    ...(name === null ? {} : { name }),
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...(bypassed ? { bypassed } : {}),
    ...(frozen ? { frozen } : {}),
    ...(lanes ? { lanes: lanes.map((lane) => lane.map(toBlock)) } : {}),
  };
}

export function toText(cards: Lane): string {
  return `${JSON.stringify(cards.map(toBlock), null, 2)}\n`;
}

/** What a text holds to be pasted: a list of blocks or a network; Python looks at it closely. */
export function readText(text: string): Parsed<unknown> {
  if (text.length > LIMIT) return { ok: false, error: "That is too much to paste: a network has at most 5 million characters" };
  try {
    const content: unknown = JSON.parse(text);
    if (blocksOf(content)) return { ok: true, value: content };
  } catch {
    // no JSON at all: the same answer
  }
  return { ok: false, error: "Nothing to paste: copy some layers first, or the JSON of a network" };
}

/** The blocks in what is pasted, as far as the browser can tell; null where there are none. */
export function blocksOf(content: unknown): readonly Block[] | null {
  const found = Array.isArray(content) ? content
    : isRecord(content) && Array.isArray(content["blocks"]) ? content["blocks"] : null;
  return found && found.length > 0 && found.every(isBlock) ? found : null;
}

function isBlock(value: unknown): value is Block {
  if (!isRecord(value) || typeof value["kind"] !== "string") return false;
  const lanes = value["lanes"] ?? [];
  return Array.isArray(lanes) && lanes.every((lane) => Array.isArray(lane) && lane.every(isBlock));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The blocks as cards under new ids, numbered as Python numbers them. */
export function toCards(blocks: readonly Block[], prefix: string, catalogue: Catalogue | null): Lane {
  let count = 0;
  const toCard = (block: Block): Card => {
    const id = `${prefix}-${++count}`;
    const lanes = block.lanes?.map((lane) => lane.map(toCard));
    const held = catalogue?.kinds[block.kind]?.container ? (lanes ?? []) : null;
    const made = blank(id, block.kind, block.params ?? {}, held);
    return { ...made, name: block.name ?? null, bypassed: block.bypassed ?? false, frozen: block.frozen ?? false };
  };
  return blocks.map(toCard);
}

/** A card of which Python has said nothing yet. */
export function blank(id: string, kind: string, params: Record<string, Value>, lanes: Card["lanes"]): Card {
  return {
    id, kind, name: null, bypassed: false, frozen: false, params, filled: {}, summary: "", input: null, output: null,
    parameters: 0, trainable: 0, state: "ok", issue: null, waitsFor: null, lanes, touched: true,
  };
}
