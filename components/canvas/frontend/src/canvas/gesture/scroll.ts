// Scrolling by itself while a card is held near an edge.

const EDGE = 64;
const FASTEST = 18;

/** Scroll whatever scrolls around the element, by how near the pointer is to an edge of the view. */
export function scrollNearEdge(element: Element, y: number): boolean {
  const speed = pull(y, 0, window.innerHeight);
  if (speed === 0) return false;
  for (let node = parent(element); node; node = parent(node)) {
    if (!scrolls(node)) continue;
    const before = node.scrollTop;
    node.scrollTop += speed;
    if (node.scrollTop !== before) return true;
  }
  const before = window.scrollY;
  window.scrollBy(0, speed);
  return window.scrollY !== before;
}

function pull(y: number, top: number, bottom: number): number {
  if (y < top + EDGE) return -Math.ceil(FASTEST * Math.min(1, (top + EDGE - y) / EDGE));
  if (y > bottom - EDGE) return Math.ceil(FASTEST * Math.min(1, (y - bottom + EDGE) / EDGE));
  return 0;
}

function parent(element: Element): Element | null {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

function scrolls(element: Element): boolean {
  if (element.scrollHeight <= element.clientHeight) return false;
  return /auto|scroll/.test(getComputedStyle(element).overflowY);
}
