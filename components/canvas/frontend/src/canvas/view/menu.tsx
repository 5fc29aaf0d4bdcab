// A button that opens a list to choose from; arrow keys walk through it, Escape closes it.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useSelector, useSession } from "./hooks";
import { Icon, type IconName } from "./icons";

interface MenuProps {
  readonly name: string;
  readonly icon: IconName;
  readonly off?: boolean;
  /** Only the icon: the name is told by the tooltip. */
  readonly slim?: boolean;
  readonly children: ComponentChildren;
}

export function Menu({ name, icon, off = false, slim = false, children }: MenuProps): JSX.Element {
  const session = useSession();
  const open = useSelector((state) => state.menu === name) && !off;
  const ref = useRef<HTMLDivElement>(null);
  const close = (): void => session.store.set({ menu: null });
  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: Event): void => {
      if (!ref.current || !event.composedPath().includes(ref.current)) close();
    };
    entries(ref.current)[0]?.focus();
    document.addEventListener("pointerdown", closeOutside);
    return () => document.removeEventListener("pointerdown", closeOutside);
  }, [open]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
      ref.current?.querySelector<HTMLElement>("button")?.focus();
    } else if (step(ref.current, event.key)) event.preventDefault();
  };
  return (
    <div class={slim ? "menu slim" : "menu"} ref={ref} onKeyDown={onKeyDown}>
      <button
        type="button" class={slim ? "icon-button menu-slim" : "menu-button"} aria-label={name} aria-haspopup="true"
        aria-expanded={open} disabled={off} data-help={slim && !open ? name : undefined}
        onClick={() => session.store.set({ menu: open ? null : name })}
      >
        <Icon name={icon} /> {!slim && <span>{name}</span>} <Icon name="fold" size={slim ? 10 : 12} />
      </button>
      {open && <div class="menu-list">{children}</div>}
    </div>
  );
}

function entries(menu: HTMLElement | null): HTMLElement[] {
  return Array.from(menu?.querySelectorAll<HTMLElement>(".menu-list button") ?? []);
}

function step(menu: HTMLElement | null, key: string): boolean {
  const all = entries(menu);
  const scope = menu?.getRootNode() as DocumentOrShadowRoot | undefined;
  const now = all.indexOf(scope?.activeElement as HTMLElement);
  const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: all.length - 1 }[key];
  if (next === undefined) return false;
  all.at(next % all.length)?.focus();
  return true;
}
