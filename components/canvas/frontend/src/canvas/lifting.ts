// Moving cards by keyboard: lifted, walked through all places, dropped.

import { move } from "./actions";
import { lanesOf, naming, pickedIds, say } from "./choosing";
import { describe, gaps, homeGap } from "./model/gaps";
import type { CardId } from "./model/protocol";
import type { Session } from "./session";

/** The selected cards where the card is one of them, else the card alone. */
function together(session: Session, id: CardId): readonly CardId[] {
  return session.store.get().chosen.has(id) ? pickedIds(session) : [id];
}

export function lift(session: Session, id: CardId): void {
  const { cards, folded } = session.store.get();
  const ids = together(session, id);
  const all = gaps(cards, new Set(ids), folded);
  const index = homeGap(all, cards, ids);
  const gap = all[index];
  if (!gap) return;
  session.store.set({ lifted: { ids, gaps: all, index }, selected: id });
  say(session, `${naming(session, ids)} lifted. ${describe(gap, cards, new Set(ids), lanesOf(session))}. ` +
    "Arrow keys choose a place, Space drops, Escape cancels");
}

export function stepLifted(session: Session, by: number): void {
  const { cards, lifted } = session.store.get();
  if (!lifted) return;
  const index = Math.max(0, Math.min(lifted.gaps.length - 1, lifted.index + by));
  session.store.set({ lifted: { ...lifted, index } });
  say(session, describe(lifted.gaps[index]!, cards, new Set(lifted.ids), lanesOf(session)));
}

export function dropLifted(session: Session, keepPlace = false): void {
  const { lifted } = session.store.get();
  if (!lifted) return;
  session.store.set({ lifted: null });
  if (keepPlace) say(session, `${naming(session, lifted.ids)} put back`);
  else move(session, lifted.ids, lifted.gaps[lifted.index]!, true);
}

/** Move by one gap, as if lifted and dropped. */
export function nudge(session: Session, id: CardId, by: number): void {
  const { cards, folded } = session.store.get();
  const ids = together(session, id);
  const all = gaps(cards, new Set(ids), folded);
  const target = all[homeGap(all, cards, ids) + by];
  if (target) move(session, ids, target, true);
}
