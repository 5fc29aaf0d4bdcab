// Dragging with mouse, pen or finger: plain pointer events, nothing moves but a ghost and a line.

import { insert, move, say } from "../actions";
import { title } from "../model/gaps";
import { hitTest, type LaneBox, lineFor } from "../model/drag";
import type { Anchor, CardId } from "../model/protocol";
import { find, isHome } from "../model/tree";
import type { Session } from "../session";
import { measure, within } from "./geometry";
import { scrollNearEdge } from "./scroll";

const THRESHOLD = 5;
const LONG_PRESS_MS = 350;

type Source = { readonly kind: string; readonly id: null } | { readonly kind: null; readonly id: CardId };

interface Press {
  readonly source: Source;
  readonly pointer: number;
  readonly touch: boolean;
  readonly grip: boolean;
  readonly across: "x" | "y" | null;
  readonly startX: number;
  readonly startY: number;
  x: number;
  y: number;
  active: boolean;
  timer?: ReturnType<typeof setTimeout>;
}

/** Listen for drags below the root; returns the clean-up. */
export function attachPointer(root: HTMLElement, session: Session): () => void {
  let press: Press | null = null;
  let boxes: { lane: LaneBox; cards: unknown; height: number } | null = null;
  let frame = 0;

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
    const over = hitTest(geometry(element), within(element, held.x, held.y), held.source.id);
    return over && !overPanel(root, held.x, held.y) ? over : null;
  };

  const show = (held: Press): void => {
    const { cards } = session.store.get();
    const anchor = target(held);
    const home = anchor && held.source.id !== null && isHome(cards, held.source.id, anchor);
    const card = find(cards, held.source.id);
    session.drag.set({
      ghost: session.drag.get().ghost ??
        { kind: held.source.kind ?? card?.kind ?? "", name: card?.name ?? null, id: held.source.id },
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
      root.setPointerCapture(held.pointer);
    } catch {
      // The pointer has gone up meanwhile: the window's listeners will end the drag.
    }
    if (held.touch) navigator.vibrate?.(10);
    root.classList.add("dragging");
    const card = find(session.store.get().cards, held.source.id);
    say(session, `${card ? title(card) : held.source.kind} picked up`);
    show(held);
    frame = requestAnimationFrame(tick);
  };

  const end = (drop: boolean): void => {
    const held = press;
    press = null;
    if (!held) return;
    clearTimeout(held.timer);
    cancelAnimationFrame(frame);
    unlisten();
    if (!held.active) return;
    root.classList.remove("dragging");
    swallowClick();
    const anchor = drop ? target(held) : null;
    boxes = null;
    session.drag.set({ ghost: null, line: null, into: null });
    if (!anchor) say(session, "Put back");
    else if (held.source.id === null) insert(session, held.source.kind, anchor);
    else move(session, held.source.id, anchor);
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
    if (event.button !== 0 || press || !event.isPrimary) return;
    const found = sourceOf(event.target as Element);
    if (!found) return;
    const touch = event.pointerType === "touch";
    press = {
      ...found, touch, pointer: event.pointerId, active: false,
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

function sourceOf(element: Element): Pick<Press, "source" | "grip" | "across"> | null {
  const item = element.closest<HTMLElement>("[data-drag-kind]");
  if (item) {
    // A list that scrolls one way is left by moving the other way.
    const across = getComputedStyle(item).touchAction === "pan-x" ? "y" : "x";
    return { source: { kind: item.dataset["dragKind"]!, id: null }, grip: false, across };
  }
  if (element.closest("button, input, select, a")) return null;
  const head = element.closest<HTMLElement>("[data-drag-card]");
  if (!head) return null;
  const grip = element.closest("[data-grip]") !== null;
  return { source: { kind: null, id: head.dataset["dragCard"]! }, grip, across: null };
}

function starts(press: Press): boolean {
  const [dx, dy] = [Math.abs(press.x - press.startX), Math.abs(press.y - press.startY)];
  if (!press.touch || press.grip) return Math.hypot(dx, dy) > THRESHOLD;
  if (press.across === "x") return dx > THRESHOLD && dx > dy;
  return press.across === "y" && dy > THRESHOLD && dy > dx;
}

/** A finger that moves before the long press is over means to scroll. */
function givesWay(press: Press): boolean {
  if (!press.touch || press.grip) return false;
  return Math.hypot(press.x - press.startX, press.y - press.startY) > 2 * THRESHOLD;
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
