// A pointer held down: what it would drag, and when holding becomes dragging.

import type { CardId } from "../model/protocol";

export const LONG_PRESS_MS = 350;
const THRESHOLD = 5;

export type Source =
  | { readonly kind: string; readonly id: null }
  | { readonly kind: null; readonly id: CardId };

export interface Press {
  readonly source: Source;
  readonly pointer: number;
  readonly touch: boolean;
  /** Held by the card's handle, where a finger does not scroll. */
  readonly grip: boolean;
  /** The axis on which a finger leaves the palette instead of scrolling it. */
  readonly across: "x" | "y" | null;
  readonly startX: number;
  readonly startY: number;
  x: number;
  y: number;
  active: boolean;
  /** What is dragged, once it is: all selected cards where this is one of them. */
  ids: readonly CardId[];
  timer?: ReturnType<typeof setTimeout>;
}

/** What a pointer that goes down on the element would drag. */
export function sourceOf(element: Element): Pick<Press, "source" | "grip" | "across"> | null {
  const item = element.closest<HTMLElement>("[data-drag-kind]");
  if (item) {
    const across = getComputedStyle(item).touchAction === "pan-x" ? "y" : "x";
    return { source: { kind: item.dataset["dragKind"]!, id: null }, grip: false, across };
  }
  if (element.closest("button, input, select, a")) return null;
  const head = element.closest<HTMLElement>("[data-drag-card]");
  if (!head) return null;
  const grip = element.closest("[data-grip]") !== null;
  return { source: { kind: null, id: head.dataset["dragCard"]! }, grip, across: null };
}

/** Whether the pointer has moved far enough to drag. */
export function starts(press: Press): boolean {
  const [dx, dy] = [Math.abs(press.x - press.startX), Math.abs(press.y - press.startY)];
  if (!press.touch || press.grip) return Math.hypot(dx, dy) > THRESHOLD;
  if (press.across === "x") return dx > THRESHOLD && dx > dy;
  return press.across === "y" && dy > THRESHOLD && dy > dx;
}

/** A finger that moves before the long press is over means to scroll. */
export function givesWay(press: Press): boolean {
  if (!press.touch || press.grip) return false;
  return Math.hypot(press.x - press.startX, press.y - press.startY) > 2 * THRESHOLD;
}
