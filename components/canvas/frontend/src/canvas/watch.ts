// Asking Python for more than the network itself: after a pause, and never while the person is
// dragging or an edit is on its way, so that no edit waits for it; nor while the page may be on its
// way out, because a late request leaves the new page white.

import { isOnLink, LEAVING } from "../pace";
import type { Session } from "./session";

/** Milliseconds that what is asked must have stood still. */
export const PAUSE_MS = 300;

/**
 * Send what `pick` finds whenever it has changed, and null at once when it finds nothing any more;
 * returns the clean-up.
 */
export function watchAsked<T extends object>(
  session: Session, pick: (session: Session) => T | null, send: (asked: T | null) => void,
): () => void {
  let sent: T | null = null;
  let wanted: T | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let quietUntil = 0;

  const ask = (): void => {
    timer = undefined;
    const now = pick(session);
    if (!now || same(now, sent)) return;
    if (isBusy(session)) plan();
    else send((sent = now));
  };
  const plan = (): void => {
    clearTimeout(timer);
    timer = setTimeout(ask, Math.max(PAUSE_MS, quietUntil - Date.now()));
  };
  const onClick = (event: Event): void => {
    if (!isOnLink(event)) return;
    quietUntil = Date.now() + LEAVING;
    if (timer !== undefined) plan();
  };
  const page = document;
  page.addEventListener("click", onClick, true);
  const look = (): void => {
    const now = pick(session);
    if (same(now, wanted)) return;
    wanted = now;
    clearTimeout(timer);
    if (now && !same(now, sent)) plan();
    if (!now && sent) send((sent = null));
  };
  const unsubscribe = session.store.subscribe(look);
  return () => {
    clearTimeout(timer);
    page.removeEventListener("click", onClick, true);
    unsubscribe();
  };
}

function isBusy(session: Session): boolean {
  return session.store.get().pending > 0 || session.drag.get().ghost !== null;
}

function same(a: object | null, b: object | null): boolean {
  return a === b || (a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b));
}
