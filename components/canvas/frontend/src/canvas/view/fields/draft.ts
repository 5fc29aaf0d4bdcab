// A field's text while it is typed: committed after a pause, on Enter and on leaving it.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Value } from "../../model/protocol";
import { equal, type Parsed, show } from "../../model/values";

export const PAUSE_MS = 250;

export interface Draft {
  readonly text: string;
  readonly error: string | null;
  /** A keystroke: the value is committed after a pause. */
  type(text: string): void;
  /** Enter, or leaving the field: what is valid is committed, what is not is taken back. */
  finish(takeBack: boolean): void;
  cancel(): void;
}

export function useDraft<T extends Value>(
  value: Value | undefined, parse: (text: string) => Parsed<T>, commit: (value: T) => void,
): Draft {
  const [text, setText] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef({ value, parse, commit, text });
  latest.current = { value, parse, commit, text };

  const send = (): void => {
    clearTimeout(timer.current);
    const now = latest.current;
    if (now.text === null) return;
    const parsed = now.parse(now.text);
    if (parsed.ok && !equal(parsed.value, now.value)) now.commit(parsed.value);
  };
  // A field that goes away in mid-pause (another card selected) still says what was typed.
  useEffect(() => () => send(), []);

  const shown = text ?? show(value);
  const parsed = text === null ? null : parse(text);
  return {
    text: shown,
    error: parsed && !parsed.ok ? parsed.error : null,
    type(next) {
      latest.current.text = next;
      setText(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(send, PAUSE_MS);
    },
    finish(takeBack) {
      send();
      const { text: typed } = latest.current;
      if (typed === null || !(takeBack || parse(typed).ok)) return;
      latest.current.text = null;
      setText(null);
    },
    cancel() {
      clearTimeout(timer.current);
      setText(null);
    },
  };
}
