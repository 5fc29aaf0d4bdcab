// The browser's own dialog, which holds the focus and closes on Escape.

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icons";

interface DialogProps {
  readonly title: string;
  /** What the button to close it calls it. */
  readonly name: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, name, close, children }: DialogProps): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    const root = dialog?.getRootNode() as DocumentOrShadowRoot | undefined;
    const before = root?.activeElement as HTMLElement | null | undefined;
    dialog?.showModal();
    return () => before?.focus?.({ preventScroll: true });
  }, []);
  return (
    <dialog
      ref={ref} class="help" aria-labelledby="dialog-title" onClose={close}
      onClick={(event) => event.target === event.currentTarget && close()}
    >
      <header>
        <h2 id="dialog-title">{title}</h2>
        <button type="button" class="icon-button" aria-label={`Close ${name}`} onClick={close}><Icon name="close" /></button>
      </header>
      {children}
    </dialog>
  );
}
