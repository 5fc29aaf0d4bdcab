// What the network adds up to, and the memory that a batch of it takes.

import type { JSX } from "preact";
import * as act from "../actions";
import { bytes, compact, counted, frozen } from "../model/costs";
import type { Issue, Totals as Numbers } from "../model/protocol";
import { thousands } from "../model/values";
import { useSelector, useSession } from "./hooks";
import { Icon } from "./icons";

const BATCHES = [1, 8, 16, 32, 64, 128, 256, 512] as const;

export function Totals(): JSX.Element | null {
  const session = useSession();
  const totals = useSelector((state) => state.data?.totals ?? null);
  const pending = useSelector((state) => state.pending > 0);
  const late = useSelector((state) => state.late);
  if (!totals) return null;
  const marks = pending ? " pending" : "";
  return (
    <div class="sums">
      <dl class={`totals${marks}`}>
        <div><dt>Layers</dt><dd>{totals.layers}</dd></div>
        <div data-help={frozen(totals) > 0 ? counted(totals) : undefined}>
          <dt>Parameters</dt>
          <dd>{thousands(totals.parameters)}{frozen(totals) > 0 && <span class="part"> ({thousands(frozen(totals))} frozen)</span>}</dd>
        </div>
        {totals.madds != null && (
          <div data-help={`${thousands(totals.madds)} multiply-adds for one sample`}>
            <dt>Multiply-adds</dt><dd>{compact(totals.madds)}</dd>
          </div>
        )}
        <div><dt>Output</dt><dd><code>{totals.output ?? "—"}</code></dd></div>
        {totals.faults > 0 && (
          <button type="button" class="faults" onClick={() => act.showFirstFault(session)}>
            <Icon name="fault" size={14} /> {totals.faults} {totals.faults === 1 ? "fault" : "faults"}
          </button>
        )}
        {late && <span class="late">Not saved yet, trying again…</span>}
      </dl>
      <Memory totals={totals} marks={marks} />
    </div>
  );
}

/**
 * What the data set wants stands below a stack that may be long: here it is seen, and leads there.
 * It comes and goes in the row that has room for it, so that the stack does not move.
 */
function Remark({ target }: { target: Issue }): JSX.Element {
  const show = (event: Event): void => {
    const note = (event.currentTarget as Element).closest(".app")?.querySelector<HTMLElement>(".target");
    (note?.querySelector("button") ?? note)?.focus();
  };
  return (
    <button type="button" class="remark" data-help={target.message} onClick={show}>
      <Icon name="fault" size={14} /> {target.code === "output" ? "Doesn’t fit the data" : "Advice"}
    </button>
  );
}

function Memory({ totals, marks }: { totals: Numbers; marks: string }): JSX.Element | null {
  const session = useSession();
  const batch = useSelector((state) => state.batch);
  const { weights, activations } = totals;
  if (weights == null || activations == null) return null;
  return (
    <dl class={`memory${marks}`}>
      <div data-help={`${thousands(weights)} bytes for all parameters`}><dt>Weights</dt><dd>{bytes(weights)}</dd></div>
      <div data-help={`${bytes(activations)} for all outputs of one sample; training keeps them for the whole batch`}>
        <dt>Activations</dt><dd>{bytes(activations * batch)}</dd>
        <label class="batch">
          at batch
          <select
            aria-label="Batch size" value={String(batch)}
            onChange={(event) => session.store.set({ batch: Number(event.currentTarget.value) })}
          >
            {BATCHES.map((size) => <option key={size} value={String(size)}>{size}</option>)}
          </select>
        </label>
      </div>
      {totals.target && <Remark target={totals.target} />}
    </dl>
  );
}
