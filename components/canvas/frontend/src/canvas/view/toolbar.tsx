// What can be done to the network and to the selected card, and what the network adds up to.

import type { JSX } from "preact";
import * as act from "../actions";
import { thousands } from "../model/values";
import { find } from "../model/tree";
import { useSelector, useSession } from "./hooks";
import { Icon, type IconName } from "./icons";
import { TemplateMenu } from "./templates";

export function Toolbar(): JSX.Element {
  return (
    <div class="bar">
      <div class="tools" role="toolbar" aria-label="Edit">
        <Tools />
        <TemplateMenu />
      </div>
      <Totals />
    </div>
  );
}

function Tools(): JSX.Element {
  const session = useSession();
  const selected = useSelector((state) => state.selected);
  const bypassed = useSelector((state) => find(state.cards, state.selected)?.bypassed ?? false);
  const undoable = useSelector(() => act.canUndo(session));
  const redoable = useSelector((state) => Boolean(state.data?.canRedo));
  const empty = useSelector((state) => state.cards.length === 0);
  const onCard = (action: (id: string) => void) => () => selected !== null && action(selected);
  return (
    <>
      <Tool name="Undo" icon="undo" keys="Ctrl+Z" off={!undoable} run={() => act.undo(session)} />
      <Tool name="Redo" icon="redo" keys="Ctrl+Shift+Z" off={!redoable} run={() => act.redo(session)} />
      <span class="divider" />
      <Tool name="Duplicate" icon="duplicate" keys="Ctrl+D" off={!selected} run={onCard((id) => act.duplicate(session, id))} />
      <Tool name="Delete" icon="delete" keys="Del" off={!selected} run={onCard((id) => act.remove(session, id))} />
      <Tool name="Rename" icon="rename" keys="F2" off={!selected} run={() => act.startNaming(session)} />
      <Tool name="Bypass" icon="bypass" off={!selected} pressed={bypassed} run={onCard((id) => act.bypass(session, id))} />
      <span class="divider" />
      <Tool name="Clear" icon="clear" off={empty} run={() => act.clear(session)} />
    </>
  );
}

interface ToolProps {
  readonly name: string;
  readonly icon: IconName;
  readonly off: boolean;
  readonly run: () => void;
  readonly keys?: string;
  readonly pressed?: boolean;
}

function Tool({ name, icon, off, run, keys, pressed }: ToolProps): JSX.Element {
  return (
    <button
      type="button" class="icon-button" aria-label={name} data-help={keys ? `${name} · ${keys}` : name}
      aria-pressed={pressed} disabled={off} onClick={run}
    >
      <Icon name={icon} />
    </button>
  );
}

function Totals(): JSX.Element | null {
  const session = useSession();
  const totals = useSelector((state) => state.data?.totals ?? null);
  const pending = useSelector((state) => state.pending > 0);
  const late = useSelector((state) => state.late);
  if (!totals) return null;
  return (
    <dl class={pending ? "totals pending" : "totals"}>
      <div><dt>Layers</dt><dd>{totals.layers}</dd></div>
      <div><dt>Parameters</dt><dd>{thousands(totals.parameters)}</dd></div>
      <div><dt>Output</dt><dd><code>{totals.output ?? "—"}</code></dd></div>
      {totals.faults > 0 && (
        <button type="button" class="faults" onClick={() => act.showFirstFault(session)}>
          <Icon name="fault" size={14} /> {totals.faults} {totals.faults === 1 ? "fault" : "faults"}
        </button>
      )}
      {late && <span class="late">Not saved yet, trying again…</span>}
    </dl>
  );
}
