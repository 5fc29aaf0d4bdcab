// The whole canvas: palette, stack and form, and what lies over them.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { select } from "../choosing";
import { attachClipboard } from "../gesture/clipboard";
import { attachKeyboard } from "../gesture/keyboard";
import { attachPointer } from "../gesture/pointer";
import type { Session } from "../session";
import { Form } from "./form";
import { Ghost } from "./ghost";
import { Help } from "./help";
import { SessionContext, useSelector, useSession } from "./hooks";
import { Icon } from "./icons";
import { Palette } from "./palette";
import { SampleBar } from "./sample";
import { Stack } from "./stack";
import { Enlarged } from "./strip";
import { Toolbar } from "./toolbar";
import { Tooltip } from "./tooltip";

const WIDE_PX = 900;
const NOTICE_MS = 8000;

export function App({ session, theme }: { session: Session; theme: "light" | "dark" }): JSX.Element {
  return (
    <SessionContext.Provider value={session}>
      <Workbench theme={theme} />
    </SessionContext.Provider>
  );
}

function Workbench({ theme }: { theme: string }): JSX.Element {
  const session = useSession();
  const ref = useRef<HTMLDivElement>(null);
  const wide = useWide(ref);
  useEffect(() => attachPointer(ref.current!, session), [session]);
  useEffect(() => attachKeyboard(ref.current!, session), [session]);
  useEffect(() => attachClipboard(ref.current!, session), [session]);
  useFocus(ref);
  const placing = useSelector((state) => state.lifted !== null);
  const sheet = useSelector((state) => state.sheet && state.selected !== null);
  return (
    <div
      ref={ref} class="app" data-layout={wide ? "wide" : "narrow"} data-theme={theme}
      data-placing={placing} data-sheet={sheet ? "open" : "closed"}
    >
      <Palette />
      <section class="middle" aria-label="Stack" onClick={() => select(session, null)}>
        <div onClick={(event) => event.stopPropagation()} class="bar-holder">
          <Toolbar />
          <SampleBar />
        </div>
        <Stack />
        <Notice />
      </section>
      <Form />
      <Ghost />
      <Help />
      <Enlarged />
      <Tooltip />
      <Status />
    </div>
  );
}

function useWide(ref: { current: HTMLElement | null }): boolean {
  const [wide, setWide] = useState(true);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    const look = (): void => setWide(element.getBoundingClientRect().width >= WIDE_PX);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return wide;
}

/** Bring the card that was asked for into view, with the focus where keys brought it there. */
function useFocus(ref: { current: HTMLElement | null }): void {
  const session = useSession();
  const focus = useSelector((state) => state.focus);
  const cards = useSelector((state) => state.cards);
  useLayoutEffect(() => {
    if (!focus) return;
    const item = ref.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(focus.id)}"]`);
    if (!item) return;
    if (focus.keyboard) item.focus({ preventScroll: true });
    item.querySelector("[data-drag-card]")?.scrollIntoView?.({ block: "nearest" });
    session.store.set({ focus: null });
  }, [focus, cards]);
}

function Status(): JSX.Element {
  const said = useSelector((state) => state.said);
  return <div class="unseen" role="status" aria-live="polite">{said}</div>;
}

function Notice(): JSX.Element | null {
  const session = useSession();
  const notice = useSelector((state) => state.notice);
  const close = (): void => session.store.set({ notice: null });
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(close, notice.kind === "info" ? NOTICE_MS : 2 * NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  if (!notice) return null;
  return (
    <div class={`notice ${notice.kind}`}>
      <p>{notice.text}</p>
      <button type="button" class="icon-button small" aria-label="Close notice" onClick={close}><Icon name="close" size={12} /></button>
    </div>
  );
}
