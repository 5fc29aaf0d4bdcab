// The sample on the cards: switched on and off, stepped through, asked for anew after each edit.

import { say } from "./choosing";
import type { AskedToSee, Seeing } from "./model/protocol";
import type { Session, State } from "./session";

const START: Seeing = { sample: 0, weights: "trained" };
/** Samples to choose from where there are only random numbers. */
const NOISE = 1000;

export function toggleSeeing(session: Session): void {
  const on = session.store.get().seeing === null;
  say(session, on ? "A sample is shown on the cards" : "No sample is shown any more");
  session.store.set({ seeing: on ? START : null, seen: null, enlarged: null });
}

/** Another sample: the next, the one before, or any. */
export function step(session: Session, by: number | "random"): void {
  const { seeing, seen } = session.store.get();
  if (!seeing) return;
  const count = seen?.count ?? NOISE;
  const now = seen?.asked.sample === seeing.sample ? seen.sample : seeing.sample;
  const sample = by === "random" ? Math.floor(Math.random() * count) : (now + by + count) % count;
  session.store.set({ seeing: { ...seeing, sample } });
}

export function setWeights(session: Session, weights: Seeing["weights"]): void {
  const { seeing } = session.store.get();
  if (seeing) session.store.set({ seeing: { ...seeing, weights } });
}

/** What Python is to be asked for, or null where no sample is to be seen. */
export function wantedSight(session: Session): AskedToSee | null {
  const { seeing, data } = session.store.get();
  return seeing && data ? { revision: data.revision, ...seeing } : null;
}

/** Whether what the cards show is older than what is wanted. */
export function isOld({ seeing, seen, data, pending }: State): boolean {
  if (!seeing) return false;
  const asked = seen?.asked;
  return pending > 0 || asked?.revision !== data?.revision
    || asked?.sample !== seeing.sample || asked?.weights !== seeing.weights;
}
