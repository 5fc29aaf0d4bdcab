// In place of the form where several cards are selected: what can be done to all of them.

import type { JSX } from "preact";
import * as act from "../actions";
import { picked, pickedToFreeze, select } from "../choosing";
import { copyByButton } from "../clipboard";
import { costs } from "../model/costs";
import { useSelector, useSession } from "./hooks";
import { Icon, type IconName } from "./icons";
import { Containers } from "./wrap";

export function Several({ onClose }: { onClose: () => void }): JSX.Element {
  const session = useSession();
  const count = useSelector((state) => state.chosen.size);
  const off = useSelector((state) => picked(state).every((card) => card.bypassed));
  const freezable = useSelector((state) => pickedToFreeze(state).length > 0);
  const frozen = useSelector((state) => freezable && pickedToFreeze(state).every((card) => card.frozen));
  const cost = useSelector((state) => together(picked(state)));
  return (
    <>
      <header class="form-head">
        <span class="tile plain"><Icon name="duplicate" /></span>
        <div>
          <h2>{count} layers selected</h2>
          <p class="quiet">{cost}</p>
        </div>
        <button type="button" class="icon-button sheet-close" aria-label="Close settings" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="form-body">
        <div class="several">
          <Action name="Copy" icon="copy" run={() => void copyByButton(session)} />
          <Action name="Duplicate" icon="duplicate" run={() => act.duplicate(session)} />
          <Action name={off ? "Switch on" : "Switch off"} icon="bypass" run={() => act.bypass(session)} />
          {freezable && <Action name={frozen ? "Unfreeze" : "Freeze"} icon="freeze" run={() => act.freeze(session)} />}
          <Action name="Delete" icon="delete" run={() => act.remove(session)} />
          <Action name="Select one" icon="close" run={() => select(session, session.store.get().selected)} />
        </div>
        <h3 class="section">Wrap in</h3>
        <Containers />
      </div>
    </>
  );
}

function together(cards: ReturnType<typeof picked>): string {
  const sum = (pick: (card: (typeof cards)[number]) => number): number => cards.reduce((all, card) => all + pick(card), 0);
  const madds = cards.every((card) => card.madds != null) ? sum((card) => card.madds ?? 0) : null;
  const [parameters, trainable] = [sum((card) => card.parameters), sum((card) => card.trainable)];
  return costs({ output: "", parameters, trainable, madds }).full;
}

function Action({ name, icon, run }: { name: string; icon: IconName; run: () => void }): JSX.Element {
  return <button type="button" class="action" aria-label={`${name} selected`} onClick={run}><Icon name={icon} /> {name}</button>;
}
