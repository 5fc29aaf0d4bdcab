// Keys: on a card, anywhere in the canvas, and undo and redo anywhere on the page.

import * as act from "../actions";
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
    else if (key === "/" && !control && !event.altKey) {
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
  document.addEventListener("keydown", onPage, true);
  root.addEventListener("keydown", onRoot);
  return () => {
    document.removeEventListener("keydown", onPage, true);
    root.removeEventListener("keydown", onRoot);
  };
}

function onSelected(event: KeyboardEvent, session: Session): void {
  const { selected } = session.store.get();
  if (selected === null) return;
  if (event.key === "Delete" || event.key === "Backspace") run(event, () => act.remove(session, selected, true));
  else if (event.key === "F2") run(event, () => act.startNaming(session));
  else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "d") {
    run(event, () => act.duplicate(session, selected));
  }
}

function onCard(event: KeyboardEvent, root: HTMLElement, card: HTMLElement, session: Session): void {
  const id = card.dataset["id"]!;
  if (session.store.get().lifted) {
    onLifted(event, session);
    return;
  }
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (by !== 0 && event.altKey) run(event, () => act.nudge(session, id, by));
  else if (by !== 0) run(event, () => step(root, card, by));
  else if (event.key === "Home" || event.key === "End") run(event, () => edge(root, event.key));
  else if (event.key === " ") run(event, () => act.lift(session, id));
  else if (event.key === "Enter") run(event, () => openForm(root, session, id));
  else if (card.matches(".container") && /^Arrow(Left|Right)$/.test(event.key)) {
    const folded = session.store.get().folded.has(id);
    if (folded === (event.key === "ArrowRight")) run(event, () => act.toggleFold(session, id));
  }
}

function onLifted(event: KeyboardEvent, session: Session): void {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  const by = steps[event.key];
  if (by !== undefined) run(event, () => act.stepLifted(session, by));
  else if (event.key === "Home" || event.key === "End") {
    run(event, () => act.stepLifted(session, event.key === "Home" ? -Infinity : Infinity));
  } else if (event.key === " " || event.key === "Enter") run(event, () => act.dropLifted(session));
  else if (event.key === "Escape" || event.key === "Tab") run(event, () => act.dropLifted(session, true));
  else event.preventDefault();
}

function step(root: HTMLElement, card: HTMLElement, by: number): void {
  const all = Array.from(root.querySelectorAll<HTMLElement>("[data-id]"));
  all[all.indexOf(card) + by]?.focus();
}

function edge(root: HTMLElement, key: string): void {
  const all = Array.from(root.querySelectorAll<HTMLElement>("[data-id]"));
  all.at(key === "Home" ? 0 : -1)?.focus();
}

function openForm(root: HTMLElement, session: Session, id: string): void {
  act.select(session, id, true);
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
