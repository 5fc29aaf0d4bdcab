// Dragging with mouse, pen or finger: plain pointer events, nothing moves but a ghost and a line.

import { insert, move, toggleFold } from "../actions";
import { naming, pickedIds, say } from "../choosing";
import { drawSoon } from "../later";
import { hitTest, type LaneBox, lineFor } from "../model/drag";
import type { Anchor, CardId } from "../model/protocol";
import { stays } from "../model/selection";
import { find } from "../model/tree";
import type { Session } from "../session";
import { measure, within } from "./geometry";
import { givesWay, LONG_PRESS_MS, type Press, sourceOf, starts } from "./press";
import { scrollNearEdge } from "./scroll";

const UNFOLD_MS = 600;

/** Listen for drags below the root; returns the clean-up. */
export function attachPointer(root: HTMLElement, session: Session): () => void {
  let press: Press | null = null;
  let boxes: { lane: LaneBox; cards: unknown; height: number } | null = null;
  let frame = 0;
  let hovered: { id: CardId; timer: ReturnType<typeof setTimeout> } | null = null;

  const area = (): HTMLElement | null => root.querySelector("[data-area]");

  const geometry = (element: HTMLElement): LaneBox => {
    const { cards } = session.store.get();
    if (boxes?.cards !== cards || boxes.height !== element.offsetHeight) {
      boxes = { lane: measure(element), cards, height: element.offsetHeight };
    }
    return boxes.lane;
  };

  const target = (held: Press): Anchor | null => {
    const element = area();
    if (!element) return null;
    const over = hitTest(geometry(element), within(element, held.x, held.y), new Set(held.ids));
    return over && !overPanel(root, held.x, held.y) ? over : null;
  };

  /** A folded container opens when a card is held over it for a moment. */
  const unfoldBelow = (held: Press | null): void => {
    const id = held && foldedAt(root, held.x, held.y);
    if (id === (hovered?.id ?? null)) return;
    clearTimeout(hovered?.timer);
    hovered = id === null || held?.ids.includes(id) ? null
      : { id, timer: setTimeout(() => toggleFold(session, id), UNFOLD_MS) };
  };

  const show = (held: Press): void => {
    unfoldBelow(held);
    const { cards } = session.store.get();
    const anchor = target(held);
    const home = anchor && held.ids.length > 0 && stays(cards, held.ids, anchor);
    const card = find(cards, held.source.id);
    session.drag.set({
      ghost: session.drag.get().ghost ??
        { kind: held.source.kind ?? card?.kind ?? "", name: card?.name ?? null, ids: new Set(held.ids) },
      x: held.x, y: held.y,
      line: anchor && !home && boxes ? lineFor(boxes.lane, anchor) : null,
      into: anchor?.into ?? null,
    });
  };

  const tick = (): void => {
    if (!press?.active) return;
    const element = area();
    if (element && scrollNearEdge(element, press.y)) show(press);
    frame = requestAnimationFrame(tick);
  };

  const begin = (held: Press): void => {
    held.active = true;
    clearTimeout(held.timer);
    try {
      root.querySelector(".ghost-layer")?.setPointerCapture(held.pointer);
    } catch {
      // The pointer has gone up meanwhile: the window's listeners will end the drag.
    }
    if (held.touch) navigator.vibrate?.(10);
    root.classList.add("dragging");
    held.ids = together(session, held.source.id);
    say(session, `${held.source.kind ?? naming(session, held.ids)} picked up`);
    show(held);
    frame = requestAnimationFrame(tick);
  };

  const end = (drop: boolean): void => {
    const held = press;
    press = null;
    if (!held) return;
    clearTimeout(held.timer);
    cancelAnimationFrame(frame);
    unfoldBelow(null);
    unlisten();
    if (!held.active) return;
    swallowClick();
    const anchor = drop ? target(held) : null;  // measures, so before anything changes
    boxes = null;
    if (!anchor) say(session, "Put back");
    else if (held.source.id === null) insert(session, held.source.kind, anchor);
    else move(session, held.ids, anchor);
    drawSoon(() => {
      if (press?.active) return;
      session.drag.set({ ghost: null, line: null, into: null });
      root.classList.remove("dragging");
    });
  };

  const onMove = (event: PointerEvent): void => {
    if (!press || event.pointerId !== press.pointer) return;
    press.x = event.clientX;
    press.y = event.clientY;
    if (press.active) show(press);
    else if (starts(press)) begin(press);
    else if (givesWay(press)) end(false);
  };
  const onUp = (event: PointerEvent): void => {
    if (!press || event.pointerId !== press.pointer) return;
    press.x = event.clientX;
    press.y = event.clientY;
    end(true);
  };
  const onCancel = (event: PointerEvent): void => {
    if (press && event.pointerId === press.pointer) end(false);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !press?.active) return;
    event.preventDefault();
    event.stopPropagation();
    end(false);
  };
  const onTouchMove = (event: TouchEvent): void => {
    if (press?.active && event.cancelable) event.preventDefault();
  };
  const onBlur = (): void => end(false);

  const listen = (): void => {
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerup", onUp);
    window.addEventListener("pointercancel", onCancel);
    window.addEventListener("keydown", onKey, true);
    window.addEventListener("blur", onBlur);
  };
  const unlisten = (): void => {
    window.removeEventListener("pointermove", onMove);
    window.removeEventListener("pointerup", onUp);
    window.removeEventListener("pointercancel", onCancel);
    window.removeEventListener("keydown", onKey, true);
    window.removeEventListener("blur", onBlur);
  };

  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0 || press || !event.isPrimary || event.shiftKey || event.ctrlKey || event.metaKey) return;
    const found = sourceOf(event.target as Element);
    if (!found) return;
    const touch = event.pointerType === "touch";
    press = {
      ...found, touch, pointer: event.pointerId, active: false, ids: [],
      startX: event.clientX, startY: event.clientY, x: event.clientX, y: event.clientY,
    };
    const held = press;
    if (touch) held.timer = setTimeout(() => press === held && begin(held), LONG_PRESS_MS);
    listen();
  };
  const onContextMenu = (event: Event): void => {
    if (press?.touch) event.preventDefault();
  };
  const preventNative = (event: Event): void => event.preventDefault();

  root.addEventListener("pointerdown", onDown);
  root.addEventListener("touchmove", onTouchMove, { passive: false });
  root.addEventListener("contextmenu", onContextMenu);
  root.addEventListener("dragstart", preventNative);
  return () => {
    end(false);
    root.removeEventListener("pointerdown", onDown);
    root.removeEventListener("touchmove", onTouchMove);
    root.removeEventListener("contextmenu", onContextMenu);
    root.removeEventListener("dragstart", preventNative);
  };
}

/** All selected cards where the one that is held is among them. */
function together(session: Session, id: CardId | null): readonly CardId[] {
  if (id === null) return [];
  return session.store.get().chosen.has(id) ? pickedIds(session) : [id];
}

function foldedAt(root: HTMLElement, x: number, y: number): CardId | null {
  const scope = root.getRootNode() as Document | ShadowRoot;
  const entry = scope.elementFromPoint?.(x, y)?.closest<HTMLElement>(".entry.container.folded-away");
  return entry?.dataset["id"] ?? null;
}

function overPanel(root: HTMLElement, x: number, y: number): boolean {
  const panels = root.querySelectorAll(".palette, .form.open, .app[data-layout=wide] .form");
  return Array.from(panels).some((panel) => {
    const { left, top, right, bottom } = panel.getBoundingClientRect();
    return x >= left && x <= right && y >= top && y <= bottom;
  });
}

/** The click that follows the end of a drag means nothing. */
function swallowClick(): void {
  const swallow = (event: Event): void => {
    event.stopPropagation();
    event.preventDefault();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, true), 50);
}
