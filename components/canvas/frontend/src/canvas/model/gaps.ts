// Every place a card can be put, in document order: what the arrow keys walk through.

import type { Anchor, Card, CardId, Lane, Lanes } from "./protocol";
import type { Ids } from "./selection";
import { find, laneAt, locate } from "./tree";

/** All gaps, those inside the lifted cards or a folded container left out. */
export function gaps(
  cards: Lane, lifted: Ids, folded: Ids = new Set(),
): readonly Anchor[] {
  const found: Anchor[] = [];
  const visit = (lane: Lane, into: CardId | null, index: number): void => {
    for (const card of lane) {
      if (lifted.has(card.id)) continue;
      found.push({ into, lane: index, before: card.id });
      if (card.lanes && !folded.has(card.id)) card.lanes.forEach((inner, i) => visit(inner, card.id, i));
    }
    found.push({ into, lane: index, before: null });
  };
  visit(cards, null, 0);
  return found;
}

/** The index of the gap in which the first of the lifted cards lies now. */
export function homeGap(all: readonly Anchor[], cards: Lane, lifted: readonly CardId[]): number {
  const place = locate(cards, lifted[0] ?? "");
  if (!place) return all.length - 1;
  const before = place.siblings.slice(place.index).find((card) => !lifted.includes(card.id))?.id ?? null;
  return all.findIndex((gap) =>
    gap.into === place.into && gap.lane === place.lane && gap.before === before);
}

/** "Before ReLU, position 3 of 7 in Network". */
export function describe(anchor: Anchor, cards: Lane, lifted: Ids, lanes: LanesOf): string {
  const lane = (laneAt(cards, anchor.into, anchor.lane) ?? []).filter((card) => !lifted.has(card.id));
  const index = anchor.before === null ? lane.length : lane.findIndex((c) => c.id === anchor.before);
  const where = `position ${index + 1} of ${lane.length + 1} in ${laneName(anchor, cards, lanes)}`;
  const next = lane[index];
  if (next) return `Before ${title(next)}, ${where}`;
  return lane.length === 0 ? `Alone, ${where}` : `At the end, ${where}`;
}

export type LanesOf = (kind: string) => Lanes | null;

/** "Network", "Branches lane 2", or "Residual shortcut". */
export function laneName(anchor: Pick<Anchor, "into" | "lane">, cards: Lane, lanes: LanesOf): string {
  const container = find(cards, anchor.into);
  return container ? laneTitle(container, anchor.lane, lanes(container.kind)) : "Network";
}

/** "Branches lane 2"; "Residual shortcut" where the catalogue names each lane. */
export function laneTitle(container: Pick<Card, "kind" | "name">, lane: number, lanes: Lanes | null): string {
  const named = lanes?.others?.length ? laneLabel(lanes, lane) : `lane ${lane + 1}`;
  return `${title(container)} ${named}`;
}

/** What stands above a lane: "body", "shortcut", "branch 2". */
export function laneLabel(lanes: Lanes | null, lane: number): string {
  const { label = "lane", others = [] } = lanes ?? {};
  if (others.length > 0 && lane === 0) return label;
  return others[lane - 1] ?? `${label} ${lane + 1}`;
}

/** What the button says that adds a lane after so many. */
export function addLaneLabel(lanes: Lanes, count: number): string {
  return `Add ${lanes.others?.[count - 1] ?? lanes.label}`;
}

export function title(card: Pick<Card, "kind" | "name">): string {
  return card.name ? `${card.kind} ${card.name}` : card.kind;
}
