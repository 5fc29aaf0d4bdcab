// Networks to start from: as cards on an empty canvas, as a menu at any time.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { template } from "../actions";
import { useSelector, useSession } from "./hooks";
import { Icon } from "./icons";

export function TemplateCards(): JSX.Element {
  const session = useSession();
  const templates = useSelector((state) => state.catalogue?.templates ?? NONE);
  return (
    <div class="template-cards">
      {templates.map(({ id, title, summary }) => (
        <button key={id} type="button" class="template" onClick={() => template(session, id, title)}>
          <b>{title}</b>
          <span>{summary}</span>
        </button>
      ))}
    </div>
  );
}

const NONE: never[] = [];

export function TemplateMenu(): JSX.Element {
  const session = useSession();
  const open = useSelector((state) => state.templates);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const close = (event: Event): void => {
      const inside = ref.current && event.composedPath().includes(ref.current);
      if (!inside) session.store.set({ templates: false });
    };
    ref.current?.querySelector<HTMLElement>(".template")?.focus();
    document.addEventListener("pointerdown", close);
    return () => document.removeEventListener("pointerdown", close);
  }, [open]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    session.store.set({ templates: false });
    ref.current?.querySelector<HTMLElement>(".menu-button")?.focus();
  };
  return (
    <div class="menu" ref={ref} onKeyDown={onKeyDown}>
      <button
        type="button" class="menu-button" aria-label="Templates" aria-haspopup="true" aria-expanded={open}
        onClick={() => session.store.set({ templates: !open })}
      >
        <Icon name="templates" /> <span>Templates</span> <Icon name="fold" size={12} />
      </button>
      {open && <div class="menu-list"><p class="quiet">Replaces the network; Undo brings it back.</p><TemplateCards /></div>}
    </div>
  );
}
