// The keys, in a dialog: the browser's own, which holds the focus and closes on Escape.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useSelector, useSession } from "./hooks";
import { Icon } from "./icons";

const KEYS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ["Anywhere", [
    ["Ctrl Z", "Undo"], ["Ctrl Shift Z", "Redo"], ["/", "Search the layers"], ["?", "These keys"],
  ]],
  ["On a card", [
    ["↑ ↓", "To the next card"], ["Home End", "To the first or last card"], ["Enter", "To its settings"],
    ["F2", "Rename"], ["← →", "Fold or unfold a container"], ["B", "Bypass: switch off or on"],
    ["F", "Freeze: train its parameters or not"], ["Del", "Delete"], ["Ctrl D", "Duplicate"],
  ]],
  ["Several cards", [
    ["Shift ↑ ↓", "Select more of the lane"], ["Shift click", "Select up to here"],
    ["Ctrl click", "Add to the selection, or take out"], ["Ctrl A", "Select the lane"], ["Esc", "Select one again"],
    ["Ctrl C", "Copy as JSON"], ["Ctrl X", "Cut"], ["Ctrl V", "Paste after the selection"],
  ]],
  ["Moving", [
    ["Alt ↑ ↓", "Move by one place, into and out of containers"], ["Space", "Lift; arrows choose a place, Space drops"],
    ["Esc", "Put back what is lifted or dragged"],
  ]],
  ["In the palette", [["↑ ↓", "To the next layer"], ["← →", "Fold or unfold a category"], ["Enter", "Add the layer"]]],
];

export function Help(): JSX.Element | null {
  const open = useSelector((state) => state.help);
  return open ? <Dialog /> : null;
}

function Dialog(): JSX.Element {
  const session = useSession();
  const ref = useRef<HTMLDialogElement>(null);
  const close = (): void => session.store.set({ help: false });
  useLayoutEffect(() => {
    const dialog = ref.current;
    const root = dialog?.getRootNode() as DocumentOrShadowRoot | undefined;
    const before = root?.activeElement as HTMLElement | null | undefined;
    dialog?.showModal();
    return () => before?.focus?.({ preventScroll: true });
  }, []);
  return (
    <dialog
      ref={ref} class="help" aria-labelledby="help-title" onClose={close}
      onClick={(event) => event.target === event.currentTarget && close()}
    >
      <header>
        <h2 id="help-title">Keys</h2>
        <button type="button" class="icon-button" aria-label="Close keys" onClick={close}><Icon name="close" /></button>
      </header>
      <div class="help-body">
        {KEYS.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>{keys.map(([key, what]) => <Row key={key} keys={key} what={what} />)}</dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}

function Row({ keys, what }: { keys: string; what: string }): JSX.Element {
  return (
    <div>
      <dt>{keys.split(" ").map((key) => (key === "click" ? key : <kbd key={key}>{onMac(key)}</kbd>))}</dt>
      <dd>{what}</dd>
    </div>
  );
}

function onMac(key: string): string {
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);
  return mac ? ({ Ctrl: "⌘", Alt: "⌥", Shift: "⇧", Del: "⌫" }[key] ?? key) : key;
}
