// How the numbers of the selected layer come about, and which settings give a wanted size.

import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { setAll } from "../actions";
import type { Card, Formula, Worked } from "../model/protocol";
import { equal, parseInteger, show } from "../model/values";
import { useSelector, useSession } from "./hooks";
import { Icon } from "./icons";

export function Arithmetic({ card }: { card: Card }): JSX.Element | null {
  const session = useSession();
  const open = useSelector((state) => state.arithmetic);
  const worked = useSelector((state) => (state.data?.worked?.block === card.id ? state.data.worked : null));
  // What there is is known only once it is asked for: a folded section stays to be unfolded.
  if (open && !(worked && (worked.formulas.length > 0 || worked.size))) return null;
  return (
    <section class="arithmetic" aria-label="Arithmetic">
      <button type="button" class="more" aria-expanded={open} onClick={() => session.store.set({ arithmetic: !open })}>
        <Icon name={open ? "fold" : "unfold"} size={12} /> Arithmetic
      </button>
      {open && worked && (
        <div class={card.touched ? "worked stale" : "worked"}>
          {worked.formulas.map((formula) => <Worked key={formula.title} formula={formula} />)}
          {worked.size && <Solve key={worked.size.length} card={card} worked={worked} size={worked.size} />}
        </div>
      )}
    </section>
  );
}

function Worked({ formula }: { formula: Formula }): JSX.Element {
  return (
    <div class="formula">
      <h4>{formula.title}</h4>
      <code>{marked(formula)}</code>
      <code class="numbers">{formula.worked}</code>
      {formula.terms.length > 0 && (
        <ul role="list" aria-label={`Terms of ${formula.title}`}>
          {formula.terms.map(({ symbol, value, meaning }) => (
            <li key={symbol} role="presentation">
              <button type="button" class="term" aria-description={meaning} data-help={`${symbol}: ${meaning}`}>
                <code>{symbol} = {show(value)}</code>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The formula, each of its symbols with what it means. */
function marked({ formula, terms }: Formula): (string | JSX.Element)[] {
  const meanings = new Map(terms.map((term) => [term.symbol, term]));
  const symbols = [...meanings.keys()].sort((a, b) => b.length - a.length).map((symbol) => symbol.replace(/[^\p{L}\p{N}_]/gu, "\\$&"));
  if (symbols.length === 0) return [formula];
  const pieces = formula.split(new RegExp(`(?<![\\p{L}_])(${symbols.join("|")})(?![\\p{L}\\p{N}_])`, "u"));
  return pieces.map((piece, index) => {
    const term = index % 2 === 1 ? meanings.get(piece) : undefined;
    return term ? <var key={index} data-help={`${piece} = ${show(term.value)}: ${term.meaning}`}>{piece}</var> : piece;
  });
}

function Solve({ card, worked, size }: { card: Card; worked: Worked; size: readonly number[] }): JSX.Element {
  const session = useSession();
  const wanted = useSelector((state) => (state.wanted?.block === card.id ? state.wanted.wanted : null)) ?? worked.wanted ?? size;
  const ask = (index: number, value: number): void =>
    session.store.set({ wanted: { block: card.id, wanted: size.map((_, i) => (i === index ? value : (wanted[i] ?? value))) } });
  const answered = worked.wanted !== null && equal(worked.wanted, wanted);
  return (
    <div class="solve">
      <h4>Solve for size</h4>
      <div class="solve-sizes" role="group" aria-label="Wanted size">
        {size.map((_, index) => (
          <Size key={index} index={index} of={size.length} value={wanted[index] ?? 1} ask={(value) => ask(index, value)} />
        ))}
      </div>
      {answered && worked.options.length === 0 && <p class="quiet">No setting gives this size.</p>}
      {answered && worked.options.length > 0 && (
        <div class="solve-options">
          {worked.options.map(({ label, params }) => (
            <button key={label} type="button" class="option" onClick={() => setAll(session, card.id, params, label)}>
              {label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

interface SizeProps {
  readonly index: number;
  readonly of: number;
  readonly value: number;
  readonly ask: (value: number) => void;
}

function Size({ index, of, value, ask }: SizeProps): JSX.Element {
  const [text, setText] = useState(String(value));
  useLayoutEffect(() => setText(String(value)), [value]);
  const parsed = parseInteger(text, { minimum: 1, maximum: 2 ** 31 - 1 });
  return (
    <input
      class="text" type="text" inputMode="numeric" autocomplete="off" value={text} aria-invalid={!parsed.ok}
      aria-label={of === 1 ? "Wanted size" : `Wanted size of axis ${index + 1}`}
      onInput={(event) => {
        setText(event.currentTarget.value);
        const typed = parseInteger(event.currentTarget.value, { minimum: 1, maximum: 2 ** 31 - 1 });
        if (typed.ok) ask(typed.value);
      }}
      onBlur={() => setText(String(value))}
    />
  );
}
