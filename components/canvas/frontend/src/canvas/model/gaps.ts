// Every place a card can be put, in document order: what the arrow keys walk through.

import type { Anchor, Card, CardId, Lane } from "./protocol";
import { find, laneAt, locate } from "./tree";

/** All gaps, those inside the lifted card or a folded container left out. */
export function gaps(
  cards: Lane, lifted: CardId | null, folded: ReadonlySet<CardId> = new Set(),
): readonly Anchor[] {
  const found: Anchor[] = [];
  const visit = (lane: Lane, into: CardId | null, index: number): void => {
    for (const card of lane) {
      if (card.id === lifted) continue;
      found.push({ into, lane: index, before: card.id });
      if (card.lanes && !folded.has(card.id)) card.lanes.forEach((inner, i) => visit(inner, card.id, i));
    }
    found.push({ into, lane: index, before: null });
  };
  visit(cards, null, 0);
  return found;
}

/** The index of the gap in which the lifted card lies now. */
export function homeGap(all: readonly Anchor[], cards: Lane, lifted: CardId): number {
  const place = locate(cards, lifted);
  if (!place) return all.length - 1;
  const before = place.siblings[place.index + 1]?.id ?? null;
  return all.findIndex((gap) =>
    gap.into === place.into && gap.lane === place.lane && gap.before === before);
}

/** "Before ReLU, position 3 of 7 in Network". */
export function describe(
  anchor: Anchor, cards: Lane, lifted: CardId | null,
): string {
  const lane = (laneAt(cards, anchor.into, anchor.lane) ?? []).filter((card) => card.id !== lifted);
  const index = anchor.before === null ? lane.length : lane.findIndex((c) => c.id === anchor.before);
  const where = `position ${index + 1} of ${lane.length + 1} in ${laneName(anchor, cards)}`;
  const next = lane[index];
  if (next) return `Before ${title(next)}, ${where}`;
  return lane.length === 0 ? `Alone, ${where}` : `At the end, ${where}`;
}

/** "Network", or "Branches lane 2". */
export function laneName(
  anchor: Pick<Anchor, "into" | "lane">, cards: Lane,
): string {
  const container = find(cards, anchor.into);
  return container ? `${title(container)} lane ${anchor.lane + 1}` : "Network";
}

export function title(card: Pick<Card, "kind" | "name">): string {
  return card.name ? `${card.kind} ${card.name}` : card.kind;
}
