// The keys, in a dialog.

import type { JSX } from "preact";
import { Dialog } from "./dialog";
import { useSelector, useSession } from "./hooks";

const KEYS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ["Anywhere", [
    ["Ctrl Z", "Undo"], ["Ctrl Shift Z", "Redo"], ["/", "Search the layers"], ["V", "See a sample"], ["?", "These keys"],
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
  const session = useSession();
  const open = useSelector((state) => state.help);
  if (!open) return null;
  return (
    <Dialog title="Keys" name="keys" close={() => session.store.set({ help: false })}>
      <div class="help-body">
        {KEYS.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>{keys.map(([key, what]) => <Row key={key} keys={key} what={what} />)}</dl>
          </section>
        ))}
      </div>
    </Dialog>
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
