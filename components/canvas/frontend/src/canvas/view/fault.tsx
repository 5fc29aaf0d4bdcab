// What is wrong with a layer, and the one click that mends it.

import type { JSX } from "preact";
import { repair } from "../actions";
import type { CardId, Issue } from "../model/protocol";
import { useSession } from "./hooks";
import { Icon } from "./icons";

export function Fault({ block, issue }: { block: CardId | null; issue: Issue }): JSX.Element {
  const session = useSession();
  const mend = (event: Event): void => {
    event.stopPropagation();
    if (issue.repair) repair(session, block, issue.code, issue.repair);
  };
  return (
    <div class="fault-note">
      <Icon name="fault" size={14} />
      <p>{issue.message}</p>
      {issue.repair && (
        <button type="button" class="repair" onClick={mend}>
          <Icon name="repair" size={12} /> {issue.repair}
        </button>
      )}
    </div>
  );
}
