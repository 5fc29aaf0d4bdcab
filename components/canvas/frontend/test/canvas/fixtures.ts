// The contract's documents, which the Python tests read too.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CanvasData, Card, Catalogue, Outbox } from "../../src/canvas/model/protocol";

function read<T>(name: string): T {
  // vitest runs in the front end's folder
  return JSON.parse(readFileSync(resolve("../../../tests/fixtures/canvas", `${name}.json`), "utf8")) as T;
}

const { hash, catalogue } = read<{ hash: string; catalogue: Catalogue }>("catalogue");
export { catalogue, hash };
export const OUTBOXES = read<readonly Outbox[]>("outboxes");

export function document(name: "empty" | "lenet5" | "nested" | "faulty"): CanvasData {
  return { ...read<CanvasData>(name), catalogueHash: hash, catalogue };
}

/** A card of which only what matters to the test is said. */
export function card(id: string, more: Partial<Card> = {}): Card {
  return {
    id, kind: "ReLU", name: null, bypassed: false, frozen: false, params: {}, filled: {}, summary: "", input: "N×4", output: "N×4",
    parameters: 0, trainable: more.parameters ?? 0, state: "ok", issue: null, waitsFor: null, lanes: null, ...more,
  };
}

/** "a b[c d|e] f": ids in order, a container's lanes in brackets. */
export function tree(text: string): readonly Card[] {
  const tokens = text.match(/[\w]+|[[\]|]/g) ?? [];
  const readLane = (): Card[] => {
    const lane: Card[] = [];
    while (tokens.length > 0 && tokens[0] !== "]" && tokens[0] !== "|") {
      const id = tokens.shift()!;
      if (tokens[0] !== "[") {
        lane.push(card(id));
        continue;
      }
      const lanes: Card[][] = [];
      while (tokens[0] === "[" || tokens[0] === "|") {
        tokens.shift();
        lanes.push(readLane());
      }
      tokens.shift();
      lane.push(card(id, { kind: "Branches", lanes }));
    }
    return lane;
  };
  return readLane();
}

/** The tree written as `tree` reads it. */
export function write(cards: readonly Card[]): string {
  return cards
    .map(({ id, lanes }) => (lanes ? `${id}[${lanes.map(write).join("|")}]` : id))
    .join(" ");
}
