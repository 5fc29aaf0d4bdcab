// Copy, cut and paste: as text in the system's clipboard where the browser lets us, and in any case
// kept on the page.

import { insertBlocks, remove } from "./actions";
import { naming, picked, refuse, say } from "./choosing";
import { readText, toText } from "./model/blocks";
import type { Session } from "./session";

let kept: string | null = null;

/** The chosen cards as text, kept for a paste on this page; null where none is chosen. */
export function copy(session: Session, cut = false): string | null {
  const cards = picked(session.store.get());
  if (cards.length === 0) return null;
  kept = toText(cards);
  say(session, `${naming(session, cards.map((card) => card.id))} copied`);
  if (cut) remove(session, true, "cut");
  return kept;
}

/** Put what a text holds after the chosen cards. */
export function paste(session: Session, text: string): void {
  const content = readText(text);
  if (!content.ok) {
    refuse(session, content.error);
    return;
  }
  say(session, "Pasted");
  insertBlocks(session, content.value);
}

/** Copy by a button: without a key's event the clipboard has to be asked. */
export async function copyByButton(session: Session): Promise<void> {
  const text = copy(session);
  if (text === null) return;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Not allowed, or no secure address: the text is kept on the page.
  }
}

export async function pasteByButton(session: Session): Promise<void> {
  paste(session, (await readClipboard()) ?? kept ?? "");
}

/** The system's clipboard; null where the browser does not let us, or it holds nothing for us. */
async function readClipboard(): Promise<string | null> {
  try {
    const text = await navigator.clipboard.readText();
    return readText(text).ok || kept === null ? text : null;
  } catch {
    return null;
  }
}
