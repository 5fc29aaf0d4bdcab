// Keys: on a card, anywhere in the canvas, and undo and redo anywhere on the page.

import * as act from "../actions";
import * as choosing from "../choosing";
import * as lifting from "../lifting";
import { toggleSeeing } from "../seeing";
import type { Session } from "../session";

/** Listen for keys; returns the clean-up. */
export function attachKeyboard(root: HTMLElement, session: Session): () => void {
  const onPage = (event: KeyboardEvent): void => {
    const origin = event.composedPath()[0];
    if (event.defaultPrevented || isEditable(origin)) return;
    const key = event.key.toLowerCase();
    const control = event.ctrlKey || event.metaKey;
    if (control && key === "z") run(event, () => (event.shiftKey ? act.redo(session) : act.undo(session)));
    else if (control && key === "y") run(event, () => act.redo(session));
    else if (key === "?" && !control) run(event, () => session.store.set({ help: true }));
    else if (key === "v" && !control && !event.altKey && !(origin instanceof HTMLSelectElement)) {
      run(event, () => toggleSeeing(session));  // in a list of choices a letter means one of them
    } else if (key === "/" && !control && !event.altKey) {
      run(event, () => root.querySelector<HTMLElement>("[role=searchbox]")?.focus());
    }
  };
  const onRoot = (event: KeyboardEvent): void => {
    const origin = event.composedPath()[0];
    if (!event.defaultPrevented && origin instanceof HTMLElement && !isEditable(origin)) {
      if (origin.matches("[data-id]")) onCard(event, root, origin, session);
      // In the form and the input card a key means the field that has the focus.
      if (!event.defaultPrevented && origin.closest(".area, .bar")) onSelected(event, session);
    }
    // Streamlit listens for single letters on the page and can't see which field they are typed into.
    event.stopPropagation();
  };
  const page = root.ownerDocument;
  page.addEventListener("keydown", onPage, true);
  root.addEventListener("keydown", onRoot);
  return () => {
    page.removeEventListener("keydown", onPage, true);
    root.removeEventListener("keydown", onRoot);
  };
}

function onSelected(event: KeyboardEvent, session: Session): void {
  const { selected, chosen } = session.store.get();
  if (selected === null) return;
  const control = event.ctrlKey || event.metaKey;
  if (event.key === "Delete" || event.key === "Backspace") run(event, () => act.remove(session, true));
  else if (event.key === "F2") run(event, () => act.startNaming(session));
  else if (event.key === "Escape" && chosen.size > 0) run(event, () => choosing.select(session, selected));
  else if (control && event.key.toLowerCase() === "d") run(event, () => act.duplicate(session));
  else if (control && event.key.toLowerCase() === "a") run(event, () => choosing.selectLane(session));
  else if (control || event.altKey) return;
  else if (event.key.toLowerCase() === "b") run(event, () => act.bypass(session));
  else if (event.key.toLowerCase() === "f") run(event, () => act.freeze(session));
}

function onCard(event: KeyboardEvent, root: HTMLElement, card: HTMLElement, session: Session): void {
  const id = card.dataset["id"]!;
  if (session.store.get().lifted) {
    onLifted(event, session);
    return;
  }
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (by !== 0 && event.altKey) run(event, () => lifting.nudge(session, id, by));
  else if (by !== 0 && event.shiftKey) run(event, () => extend(root, session, id, by));
  else if (by !== 0) run(event, () => step(root, session, card, by));
  else if (event.key === "Home" || event.key === "End") run(event, () => edge(root, event.key));
  else if (event.key === " ") run(event, () => lifting.lift(session, id));
  else if (event.key === "Enter") run(event, () => openForm(root, session, id));
  else if (card.matches(".container") && /^Arrow(Left|Right)$/.test(event.key)) {
    const folded = session.store.get().folded.has(id);
    if (folded === (event.key === "ArrowRight")) run(event, () => act.toggleFold(session, id));
  }
}

function onLifted(event: KeyboardEvent, session: Session): void {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  const by = steps[event.key];
  if (by !== undefined) run(event, () => lifting.stepLifted(session, by));
  else if (event.key === "Home" || event.key === "End") {
    run(event, () => lifting.stepLifted(session, event.key === "Home" ? -Infinity : Infinity));
  } else if (event.key === " " || event.key === "Enter") run(event, () => lifting.dropLifted(session));
  else if (event.key === "Escape" || event.key === "Tab") run(event, () => lifting.dropLifted(session, true));
  else event.preventDefault();
}

function extend(root: HTMLElement, session: Session, id: string, by: number): void {
  const next = choosing.extendBy(session, id, by);
  if (next !== null) root.querySelector<HTMLElement>(`[data-id="${CSS.escape(next)}"]`)?.focus();
}

function step(root: HTMLElement, session: Session, card: HTMLElement, by: number): void {
  choosing.select(session, card.dataset["id"]!);
  const all = Array.from(root.querySelectorAll<HTMLElement>("[data-id]"));
  all[all.indexOf(card) + by]?.focus();
}

function edge(root: HTMLElement, key: string): void {
  const all = Array.from(root.querySelectorAll<HTMLElement>("[data-id]"));
  all.at(key === "Home" ? 0 : -1)?.focus();
}

function openForm(root: HTMLElement, session: Session, id: string): void {
  choosing.select(session, id, true);
  requestAnimationFrame(() =>
    root.querySelector<HTMLElement>(".form-body .field[data-parameter] :is(input, select, [role=switch])")?.focus());
}

function run(event: KeyboardEvent, action: () => void): void {
  event.preventDefault();
  action();
}

/** Whether typing belongs to the element. */
export function isEditable(target: EventTarget | undefined): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !/^(checkbox|radio|button|submit|range)$/.test(target.type);
}
