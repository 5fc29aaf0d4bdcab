// What goes into the network: a data set, or a shape typed by hand.

import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { equal, parseShape } from "../model/values";
import { Connector } from "./card";
import { useSelector, useSession } from "./hooks";
import { Icon } from "./icons";
import { Strip } from "./strip";

export function InputCard(): JSX.Element | null {
  const input = useSelector((state) => state.data?.input ?? null);
  if (!input) return null;
  return (
    <div class="input">
      <div class="card input-card">
        <span class="tile plain"><Icon name={input.data ? "data" : "input"} /></span>
        <b>Input</b>
        <DataSelect />
        <ShapeField />
        <Strip id="" />
      </div>
      <Connector shape={input.label} />
    </div>
  );
}

function DataSelect(): JSX.Element {
  const session = useSession();
  const input = useSelector((state) => state.data!.input);
  const listed = useSelector((state) => state.catalogue?.dataSets);
  const sets = input.own ? [...(listed ?? []), input.own] : listed;
  const choose = (id: string): void => {
    const set = sets?.find((candidate) => candidate.id === id);
    const { shape, dtype } = set ?? input;
    session.dispatch({ op: "input", shape, dtype, data: set?.id ?? null });
  };
  return (
    <select aria-label="Input data" value={input.data ?? ""} onChange={(event) => choose(event.currentTarget.value)}>
      {sets?.map(({ id, title }) => <option key={id} value={id}>{title}</option>)}
      <option value="">Typed shape</option>
    </select>
  );
}

function ShapeField(): JSX.Element {
  const session = useSession();
  const input = useSelector((state) => state.data!.input);
  const shown = input.shape.join("×");
  const [text, setText] = useState(shown);
  const parsed = parseShape(text);
  useLayoutEffect(() => setText(shown), [shown]);
  const commit = (typed: string): void => {
    const shape = parseShape(typed);
    if (!shape.ok) return;
    setText(shape.value.join("×"));
    if (equal(shape.value, input.shape)) return;
    session.dispatch({ op: "input", shape: shape.value, dtype: input.dtype, data: input.data });
  };
  return (
    <label class={parsed.ok ? "shape-field" : "shape-field invalid"}>
      <span aria-hidden="true">N×</span>
      <input
        aria-label="Input shape" value={text} inputMode="text" spellcheck={false} autocomplete="off"
        aria-invalid={!parsed.ok} aria-description="The sizes of one sample, such as 3×32×32"
        onInput={(event) => setText(event.currentTarget.value)} onBlur={(event) => commit(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit(event.currentTarget.value);
          if (event.key === "Escape") setText(shown);
        }}
      />
      {!parsed.ok && <span class="error" role="alert">{parsed.error}</span>}
    </label>
  );
}
