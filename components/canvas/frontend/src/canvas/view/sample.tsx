// The bar about the sample on the cards: which one, what it is, and what the network takes it for.

import type { JSX } from "preact";
import type { Seen } from "../model/protocol";
import { thousands } from "../model/values";
import { isOld, setWeights, step } from "../seeing";
import { useSelector, useSession } from "./hooks";
import { Icon, type IconName } from "./icons";

export function SampleBar(): JSX.Element | null {
  const on = useSelector((state) => state.seeing !== null);
  const seen = useSelector((state) => state.seen);
  const old = useSelector(isOld);
  if (!on) return null;
  return (
    <section class={old ? "sample old" : "sample"} aria-label="Sample" aria-busy={old}>
      <Steps />
      {seen ? <Facts seen={seen} /> : <span class="quiet">Looking…</span>}
    </section>
  );
}

function Steps(): JSX.Element {
  const session = useSession();
  const button = (name: string, icon: IconName, by: number | "random"): JSX.Element => (
    <button type="button" class="icon-button small" aria-label={name} data-help={name} onClick={() => step(session, by)}>
      <Icon name={icon} size={14} />
    </button>
  );
  return (
    <span class="steps">
      {button("Previous sample", "before", -1)}
      {button("Next sample", "next", 1)}
      {button("Random sample", "random", "random")}
    </span>
  );
}

function Facts({ seen }: { seen: Seen }): JSX.Element {
  return (
    <>
      <span class="which">
        {seen.data ?? "Random numbers"} <span class="quiet">sample</span> <b>{thousands(seen.sample)}</b>
      </span>
      {seen.label !== null && <span><span class="quiet">Label</span> <b>{seen.label}</b></span>}
      {seen.guess && <Guess guess={seen.guess} />}
      <Weights seen={seen} />
      {seen.trouble && <p class="trouble">{seen.trouble}</p>}
      {!seen.data && <p class="quiet">No data set that is chosen fits this input: choose one as Input to see real samples.</p>}
    </>
  );
}

function Guess({ guess }: { guess: NonNullable<Seen["guess"]> }): JSX.Element {
  const word = guess.right === null ? "" : guess.right ? "right" : "wrong";
  return (
    <span class={`guess ${word}`}>
      <span class="quiet">Guess</span> <b>{guess.text}</b>
      {word && <span role="img" aria-label={word}><Icon name={guess.right ? "check" : "close"} size={12} /></span>}
    </span>
  );
}

function Weights({ seen }: { seen: Seen }): JSX.Element {
  const session = useSession();
  const initial = `Initial weights, seed ${seen.seed}`;
  if (seen.run === null) return <span class="weights quiet">{initial}</span>;
  return (
    <select
      class="weights" aria-label="Weights" value={seen.trained ? "trained" : "initial"}
      onChange={(event) => setWeights(session, event.currentTarget.value === "initial" ? "initial" : "trained")}
    >
      <option value="trained">{seen.run}</option>
      <option value="initial">Initial weights</option>
    </select>
  );
}
