// In the form of a layer with parameters: whether training changes them.

import type { JSX } from "preact";
import * as act from "../actions";
import { pickedToFreeze } from "../choosing";
import { isFrozen } from "../model/costs";
import type { Card } from "../model/protocol";
import { useSelector, useSession } from "./hooks";
import { Icon } from "./icons";

const HELP = "Training leaves its parameters as they are. Running statistics, as BatchNorm has, still move.";

export function FreezeButton({ card }: { card: Card }): JSX.Element | null {
  const session = useSession();
  const free = useSelector((state) => pickedToFreeze(state).length > 0);
  if (!free) return isFrozen(card) ? <p class="frozen-with quiet">Frozen with the container around it.</p> : null;
  return (
    <button type="button" class="action freeze" data-help={HELP} onClick={() => act.freeze(session)}>
      <Icon name="freeze" /> {card.frozen ? "Unfreeze" : "Freeze"}
    </button>
  );
}
