// Ctrl+C, Ctrl+X and Ctrl+V, heard as the browser's own events: those need no permission.

import { copy, paste } from "../clipboard";
import type { Session } from "../session";
import { isEditable } from "./keyboard";

/** Listen for copying and pasting; returns the clean-up. */
export function attachClipboard(root: HTMLElement, session: Session): () => void {
  const onCopy = (event: ClipboardEvent): void => {
    if (!isMeant(event, root) || hasSelectedText(root)) return;
    const text = copy(session, event.type === "cut");
    if (text === null) return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent): void => {
    if (!isMeant(event, root)) return;
    event.preventDefault();
    paste(session, event.clipboardData?.getData("text/plain") ?? "");
  };
  document.addEventListener("copy", onCopy);
  document.addEventListener("cut", onCopy);
  document.addEventListener("paste", onPaste);
  return () => {
    document.removeEventListener("copy", onCopy);
    document.removeEventListener("cut", onCopy);
    document.removeEventListener("paste", onPaste);
  };
}

/** Whether the event is for the stack: it has the focus, or nothing on the page has. */
function isMeant(event: ClipboardEvent, root: HTMLElement): boolean {
  const path = event.composedPath();
  if (event.defaultPrevented || isEditable(path[0])) return false;
  if (path[0] === document.body || path[0] === document.documentElement) return true;
  return path.includes(root) && (path[0] as Element).closest("dialog") === null;
}

/** Text selected by hand is what a person means to copy. */
function hasSelectedText(root: HTMLElement): boolean {
  const scope = root.getRootNode() as { getSelection?: () => Selection | null };
  return [document.getSelection(), scope.getSelection?.() ?? null].some((found) => String(found ?? "") !== "");
}
