// Below the stack: what the data set still wants of the network's output. It stands there so that
// nothing above it moves when it comes and goes.

import type { JSX } from "preact";
import * as act from "../actions";
import { useSelector, useSession } from "./hooks";
import { Icon } from "./icons";

export function Target(): JSX.Element | null {
  const session = useSession();
  const target = useSelector((state) => state.data?.totals.target ?? null);
  if (!target) return null;
  const { message, repair, code } = target;
  return (
    <div class="target" tabIndex={-1}>
      <p>{message}</p>
      {repair && (
        <button type="button" class="repair" onClick={() => act.repair(session, null, code, repair)}>
          <Icon name="repair" size={12} /> {repair}
        </button>
      )}
    </div>
  );
}
