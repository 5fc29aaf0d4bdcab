// The cards' and lanes' rectangles, measured once and kept relative to the area they lie in,
// so that scrolling does not make them wrong.

import type { LaneBox, Point, Rect, Slot } from "../model/drag";

const REACH = 16;

/** The network's lane with all that lies in it, relative to the area's top left corner. */
export function measure(area: Element): LaneBox {
  const origin = area.getBoundingClientRect();
  const list = area.querySelector<HTMLElement>(":scope > [data-lane]");
  const reach: Rect = {
    left: -REACH, top: -origin.top - 10_000, right: origin.width + REACH, bottom: origin.height + 10_000,
  };
  const home = relative(list ?? area, origin);
  return { into: null, lane: 0, rect: reach, home, slots: list ? measureSlots(list, origin) : [] };
}

/** The pointer's position in the area's coordinates. */
export function within(area: Element, x: number, y: number): Point {
  const origin = area.getBoundingClientRect();
  return { x: x - origin.left, y: y - origin.top };
}

function measureSlots(list: Element, origin: DOMRect): Slot[] {
  return Array.from(list.querySelectorAll<HTMLElement>(":scope > [data-id]"), (item) => {
    const box = item.querySelector<HTMLElement>(":scope > [data-box]") ?? item;
    const inside = `[data-lane][data-into="${CSS.escape(item.dataset["id"]!)}"]`;
    const lanes = item.classList.contains("container") ? box.querySelectorAll<HTMLElement>(inside) : [];
    return {
      id: item.dataset["id"]!,
      rect: relative(box, origin),
      lanes: Array.from(lanes, (lane) => ({
        into: item.dataset["id"]!,
        lane: Number(lane.dataset["lane"]),
        // The whole column counts, its head and the connector above the first card too.
        rect: relative(lane.parentElement ?? lane, origin),
        home: relative(lane.parentElement?.querySelector(":scope > .hint") ?? lane, origin),
        slots: measureSlots(lane, origin),
      })),
    };
  });
}

function relative(element: Element, origin: DOMRect): Rect {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return { left: left - origin.left, top: top - origin.top, right: right - origin.left, bottom: bottom - origin.top };
}
