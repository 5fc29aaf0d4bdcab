// Asking Python for the arithmetic of the selected layer: after a pause, and never while the person
// is dragging or an edit is on its way, so that no edit waits for it.

import type { Inspected } from "./model/protocol";
import { equal } from "./model/values";
import type { Session } from "./session";

/** Milliseconds that a layer must have been selected. */
export const INSPECT_MS = 300;

/** Send what is inspected whenever it has changed; returns the clean-up. */
export function watchInspected(session: Session, send: (inspected: Inspected) => void): () => void {
  let sent: Inspected | null = null;
  let wanted: Inspected | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const ask = (): void => {
    timer = undefined;
    const now = inspected(session);
    if (!now || same(now, sent)) return;
    if (isBusy(session)) plan();
    else send((sent = now));
  };
  const plan = (): void => {
    clearTimeout(timer);
    timer = setTimeout(ask, INSPECT_MS);
  };
  const look = (): void => {
    const now = inspected(session);
    if (same(now, wanted)) return;
    wanted = now;
    clearTimeout(timer);
    if (now && !same(now, sent)) plan();
  };
  const unsubscribe = session.store.subscribe(look);
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}

function inspected(session: Session): Inspected | null {
  const { selected, chosen, arithmetic, wanted } = session.store.get();
  if (selected === null || chosen.size > 0 || !arithmetic) return null;
  return { block: selected, wanted: wanted?.block === selected ? wanted.wanted : null };
}

function isBusy(session: Session): boolean {
  return session.store.get().pending > 0 || session.drag.get().ghost !== null;
}

function same(a: Inspected | null, b: Inspected | null): boolean {
  return a?.block === b?.block && equal(a?.wanted ? [...a.wanted] : null, b?.wanted ? [...b.wanted] : null);
}
