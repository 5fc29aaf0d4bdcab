// The selected layer's form, made from its catalogue entry alone.

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import * as act from "../actions";
import type { Card, Kind } from "../model/protocol";
import { find } from "../model/tree";
import { bytes, compact, costs, counted } from "../model/costs";
import { parseName } from "../model/values";
import { accent } from "./accent";
import { Arithmetic } from "./arithmetic";
import { Fault } from "./fault";
import { Field, isChanged } from "./fields/field";
import { FreezeButton } from "./freeze";
import { memo, useSelector, useSession } from "./hooks";
import { Glyph, Icon } from "./icons";
import { Several } from "./several";

export const Form = memo(function Form(): JSX.Element {
  const session = useSession();
  const card = useSelector((state) => find(state.cards, state.selected));
  const kind = useSelector((state) => (card ? state.catalogue?.kinds[card.kind] : null) ?? null);
  const open = useSelector((state) => state.sheet);
  const several = useSelector((state) => state.chosen.size > 0);
  const close = (): void => session.store.set({ sheet: false });
  return (
    <aside class={open && card ? "form open" : "form"} aria-label="Layer settings">
      {several ? <Several onClose={close} /> : card && kind
        ? <LayerForm key={card.id} card={card} kind={kind} onClose={close} />
        : <p class="quiet nothing">Select a layer to see its settings.</p>}
    </aside>
  );
});

interface LayerFormProps {
  readonly card: Card;
  readonly kind: Kind;
  readonly onClose: () => void;
}

function LayerForm({ card, kind, onClose }: LayerFormProps): JSX.Element {
  const first = kind.parameters.filter((parameter) => !parameter.more);
  const more = kind.parameters.filter((parameter) => parameter.more);
  const changed = more.filter((parameter) => isChanged(card, parameter)).length;
  const [open, setOpen] = useState(changed > 0);
  return (
    <>
      <FormHead card={card} kind={kind} onClose={onClose} />
      <div class="form-body">
        {card.state === "fault" && card.issue && <Fault block={card.id} issue={card.issue} />}
        {card.state === "waiting" && card.waitsFor && (
          <p class="waits"><Icon name="wait" size={12} /> waits for {card.waitsFor}</p>
        )}
        <Flow card={card} />
        <FreezeButton card={card} />
        <NameField card={card} />
        {first.map((parameter) => <Field key={parameter.name} card={card} parameter={parameter} />)}
        {kind.parameters.length === 0 && <p class="quiet">Nothing to set.</p>}
        {more.length > 0 && (
          <>
            <button type="button" class="more" aria-expanded={open} onClick={() => setOpen(!open)}>
              <Icon name={open ? "fold" : "unfold"} size={12} /> More
              {changed > 0 && <span class="badge">{changed} set</span>}
            </button>
            {open && more.map((parameter) => <Field key={parameter.name} card={card} parameter={parameter} />)}
          </>
        )}
        <Arithmetic card={card} />
      </div>
    </>
  );
}

function FormHead({ card, kind, onClose }: LayerFormProps): JSX.Element {
  const catalogue = useSelector((state) => state.catalogue);
  return (
    <header class="form-head" style={accent(catalogue, kind.kind)}>
      <span class="tile"><Glyph category={kind.category} /></span>
      <div>
        <h2>{kind.kind}</h2>
        <p class="quiet">{kind.summary}</p>
      </div>
      {kind.url && (
        <a class="icon-button" href={kind.url} target="_blank" rel="noreferrer" aria-label={`${card.kind} in the PyTorch documentation`} data-help="PyTorch documentation">
          <Icon name="docs" />
        </a>
      )}
      <button type="button" class="icon-button sheet-close" aria-label="Close settings" onClick={onClose}>
        <Icon name="close" />
      </button>
    </header>
  );
}

function Flow({ card }: { card: Card }): JSX.Element {
  return (
    <div class={card.touched ? "flow stale" : "flow"}>
      <code>{card.input ?? "?"}</code>
      <Icon name="arrow" size={14} />
      <code>{card.output ?? "?"}</code>
      {card.output !== null && (
        <span data-help={costs(card).full}>
          {counted(card)}
          {card.madds ? ` · ${compact(card.madds)} multiply-adds` : ""}
          {card.activations ? ` · ${bytes(card.activations)}` : ""}
        </span>
      )}
    </div>
  );
}

function NameField({ card }: { card: Card }): JSX.Element {
  const session = useSession();
  const naming = useSelector((state) => state.naming);
  const seen = useRef(naming);
  const ref = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(card.name ?? "");
  const parsed = parseName(text);
  useLayoutEffect(() => setText(card.name ?? ""), [card.name]);
  useLayoutEffect(() => {
    if (naming === seen.current) return;
    seen.current = naming;
    ref.current?.focus();
    ref.current?.select();
  }, [naming]);
  const commit = (typed: string): void => {
    const name = parseName(typed);
    if (name.ok && name.value !== card.name) act.rename(session, card.id, name.value);
  };
  return (
    <div class={parsed.ok ? "field" : "field invalid"}>
      <label class="plain-label" data-help="The name this layer has in the exported code">Name</label>
      <div class="widget">
        <input
          ref={ref} aria-label="Name" class="text" value={text} placeholder="none" spellcheck={false}
          autocomplete="off" aria-invalid={!parsed.ok} onInput={(event) => setText(event.currentTarget.value)}
          onBlur={(event) => commit(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") commit(event.currentTarget.value);
            if (event.key === "Escape") setText(card.name ?? "");
          }}
        />
      </div>
      {!parsed.ok && <p class="error" role="alert">{parsed.error}</p>}
    </div>
  );
}
