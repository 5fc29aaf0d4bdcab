// One tooltip for everything that carries `data-help`, shown beside what the pointer or focus is on.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const DELAY_MS = 450;

interface Shown {
  readonly text: string;
  readonly rect: DOMRect;
}

export function Tooltip(): JSX.Element {
  const ref = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    const root = ref.current?.closest<HTMLElement>(".app");
    return root ? watch(root, setShown) : undefined;
  }, []);
  useLayoutEffect(() => {
    if (ref.current && shown) placeBeside(ref.current, shown.rect);
  }, [shown]);
  return <div ref={ref} class={shown ? "tooltip shown" : "tooltip"} aria-hidden="true">{shown?.text}</div>;
}

function watch(root: HTMLElement, show: (shown: Shown | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hide = (): void => {
    clearTimeout(timer);
    show(null);
  };
  const over = (event: Event): void => {
    hide();
    if (event instanceof PointerEvent && event.pointerType === "touch") return;
    const owner = (event.target as Element).closest<HTMLElement>("[data-help]");
    const text = owner?.dataset["help"];
    if (owner && text) timer = setTimeout(() => show({ text, rect: owner.getBoundingClientRect() }), DELAY_MS);
  };
  const focused = (event: Event): void => {
    const target = event.target as HTMLElement;
    const label = target.closest(".field")?.querySelector<HTMLElement>(".label[data-help]");
    const owner = label ?? (target.dataset["help"] ? target : null);
    if (owner && target.matches(":focus-visible")) {
      show({ text: owner.dataset["help"]!, rect: owner.getBoundingClientRect() });
    }
  };
  const events: [string, (event: Event) => void][] = [
    ["pointerover", over], ["pointerdown", hide], ["pointerleave", hide], ["keydown", hide],
    ["focusin", focused], ["focusout", hide],
  ];
  for (const [name, listener] of events) root.addEventListener(name, listener);
  window.addEventListener("scroll", hide, true);
  return () => {
    clearTimeout(timer);
    for (const [name, listener] of events) root.removeEventListener(name, listener);
    window.removeEventListener("scroll", hide, true);
  };
}

/** Below the element, or above it where there is no room; never past the window's sides. */
function placeBeside(tooltip: HTMLElement, rect: DOMRect): void {
  tooltip.style.transform = "none";
  const own = tooltip.getBoundingClientRect();
  const below = rect.bottom + 6 + own.height < window.innerHeight;
  const y = below ? rect.bottom + 6 : rect.top - own.height - 6;
  const x = Math.max(8, Math.min(rect.left, window.innerWidth - own.width - 8));
  tooltip.style.transform = `translate(${x - own.left}px,${y - own.top}px)`;
}
