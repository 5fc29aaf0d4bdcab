// The layer whose arithmetic is on show: the one that is selected alone.

import type { Inspected } from "./model/protocol";
import type { Session } from "./session";

export function inspected(session: Session): Inspected | null {
  const { selected, chosen, arithmetic, wanted } = session.store.get();
  if (selected === null || chosen.size > 0 || !arithmetic) return null;
  return { block: selected, wanted: wanted?.block === selected ? wanted.wanted : null };
}
