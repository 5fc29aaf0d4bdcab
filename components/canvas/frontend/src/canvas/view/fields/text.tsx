// The text input that numbers, sizes and shapes share.

import type { JSX } from "preact";
import type { Draft } from "./draft";

interface TextProps {
  readonly draft: Draft;
  readonly label: string;
  readonly help: string;
  readonly placeholder?: string;
  readonly mode?: "numeric" | "decimal" | "text";
  readonly step?: (by: number) => void;
}

export function TextInput({ draft, label, help, placeholder, mode = "text", step }: TextProps): JSX.Element {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") draft.finish(false);
    if (event.key === "Escape") draft.cancel();
    const by = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (by === 0 || !step) return;
    event.preventDefault();
    step(event.shiftKey ? by * 10 : by);
  };
  return (
    <>
      <input
        class="text" type="text" aria-label={label} aria-description={help} aria-invalid={draft.error !== null}
        inputMode={mode} autocomplete="off" spellcheck={false} placeholder={placeholder} value={draft.text}
        onInput={(event) => draft.type(event.currentTarget.value)} onBlur={() => draft.finish(true)}
        onKeyDown={onKeyDown}
      />
      {draft.error && <span class="error floating" role="alert">{draft.error}</span>}
    </>
  );
}
