// What layers cost, in few characters and in full: parameters, multiply-adds, memory.

import type { Card, Totals } from "./protocol";
import { thousands } from "./values";

const STEPS = [[1e15, "P"], [1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]] as const;

/** "2.4 k", "10 M": two digits are enough to compare. */
export function compact(count: number): string {
  for (const [size, unit] of STEPS) {
    if (count < size * 0.9995) continue;
    const share = count / size;
    return `${share < 9.95 ? share.toFixed(1).replace(/\.0$/, "") : Math.round(share)} ${unit}`;
  }
  return String(count);
}

/** "1.2 MB", counted in thousands as disks are. */
export function bytes(count: number): string {
  return count < 1000 ? `${count} B` : `${compact(count)}B`;
}

type Counts = Pick<Card, "parameters" | "trainable">;

/** How many parameters training leaves as they are. */
export function frozen({ parameters, trainable }: Counts | Totals): number {
  return parameters - trainable;
}

/** Whether training leaves the card as it is: by itself, or with the container around it. */
export function isFrozen(card: Counts & Pick<Card, "frozen">): boolean {
  return card.frozen || (card.parameters > 0 && card.trainable === 0);
}

/** "2,432 parameters, all frozen" */
export function counted(counts: Counts): string {
  const { parameters, trainable } = counts;
  const words = `${thousands(parameters)} ${parameters === 1 ? "parameter" : "parameters"}`;
  if (frozen(counts) === 0) return words;
  return `${words}, ${trainable === 0 ? "all" : `${thousands(frozen(counts))} of them`} frozen`;
}

/** A card's costs: a few words for the card, all numbers for its tooltip. */
export function costs(card: Pick<Card, "parameters" | "trainable" | "madds" | "activations" | "output">): { brief: string; full: string } {
  const { parameters, trainable, madds, activations, output } = card;
  if (output === null && parameters === 0) return { brief: "", full: "" };
  const words = [
    parameters === 0 ? (madds ? "" : "no params") : trainable === 0 ? "" : `${compact(parameters)} params`,
    frozen(card) > 0 ? `${compact(frozen(card))} frozen` : "",
    madds ? `${compact(madds)} madds` : "",
  ];
  const full = [
    counted(card),
    madds == null ? "" : `${thousands(madds)} multiply-adds for one sample`,
    activations == null ? "" : `${bytes(activations)} for the output of one sample`,
  ];
  return { brief: words.filter(Boolean).join(" · "), full: full.filter(Boolean).join("; ") };
}
