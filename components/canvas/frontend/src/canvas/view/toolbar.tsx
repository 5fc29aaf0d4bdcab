// What can be done to the network and to the selected card, and what the network adds up to.

import type { JSX } from "preact";
import * as act from "../actions";
import { picked, pickedToFreeze } from "../choosing";
import { copyByButton, pasteByButton } from "../clipboard";
import { toggleSeeing } from "../seeing";
import { useSelector, useSession } from "./hooks";
import { Icon, type IconName } from "./icons";
import { TemplateMenu } from "./templates";
import { Totals } from "./totals";
import { WrapMenu } from "./wrap";

export function Toolbar(): JSX.Element {
  return (
    <div class="bar">
      <div class="tools" role="toolbar" aria-label="Edit">
        <Tools />
        <See />
        <TemplateMenu />
        <Help />
      </div>
      <Totals />
    </div>
  );
}

function Tools(): JSX.Element {
  const session = useSession();
  const none = useSelector((state) => state.selected === null);
  const several = useSelector((state) => state.chosen.size > 0);
  const bypassed = useSelector((state) => state.selected !== null && picked(state).every((card) => card.bypassed));
  const freezable = useSelector((state) => pickedToFreeze(state).length > 0);
  const frozen = useSelector((state) => freezable && pickedToFreeze(state).every((card) => card.frozen));
  const undoable = useSelector(() => act.canUndo(session));
  const redoable = useSelector((state) => Boolean(state.data?.canRedo));
  const empty = useSelector((state) => state.cards.length === 0);
  return (
    <>
      <Tool name="Undo" icon="undo" keys="Ctrl+Z" off={!undoable} run={() => act.undo(session)} />
      <Tool name="Redo" icon="redo" keys="Ctrl+Shift+Z" off={!redoable} run={() => act.redo(session)} />
      <span class="divider" />
      <Tool name="Copy" icon="copy" keys="Ctrl+C" off={none} run={() => void copyByButton(session)} />
      <Tool name="Paste" icon="paste" keys="Ctrl+V" off={false} run={() => void pasteByButton(session)} />
      <Tool name="Duplicate" icon="duplicate" keys="Ctrl+D" off={none} run={() => act.duplicate(session)} />
      <Tool name="Delete" icon="delete" keys="Del" off={none} run={() => act.remove(session)} />
      <span class="divider" />
      <Tool name="Rename" icon="rename" keys="F2" off={none || several} run={() => act.startNaming(session)} />
      <Tool name="Bypass" icon="bypass" keys="B" off={none} pressed={bypassed} run={() => act.bypass(session)} />
      <Tool name="Freeze" icon="freeze" keys="F" off={!freezable} pressed={frozen} run={() => act.freeze(session)} />
      <WrapMenu off={none} />
      <span class="divider" />
      <Tool name="Clear" icon="clear" off={empty} run={() => act.clear(session)} />
    </>
  );
}

function See(): JSX.Element {
  const session = useSession();
  const on = useSelector((state) => state.seeing !== null);
  return <Tool name="See a sample" icon="eye" keys="V" off={false} pressed={on} run={() => toggleSeeing(session)} />;
}

function Help(): JSX.Element {
  const session = useSession();
  return <Tool name="Keys" icon="keys" keys="?" off={false} run={() => session.store.set({ help: true })} />;
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
