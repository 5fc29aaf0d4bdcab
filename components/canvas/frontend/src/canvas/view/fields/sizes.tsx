// One size for all axes, or one for each: a link joins them and takes them apart.

import type { JSX } from "preact";
import type { Value } from "../../model/protocol";
import { type Parsed, parseInteger, parseSizes } from "../../model/values";
import { Icon } from "../icons";
import { useDraft } from "./draft";
import type { WidgetProps } from "./field";
import { isNone, Stepper } from "./number";
import { TextInput } from "./text";

export function SizesWidget({ parameter, value, commit }: WidgetProps): JSX.Element {
  const axes = parameter.axes ?? 1;
  const apart = Array.isArray(value);
  const toggle = (): void => {
    if (apart) commit(value[0] ?? null);
    else if (typeof value === "number") commit(Array.from({ length: axes }, () => value));
  };
  return (
    <>
      {apart
        ? <Axes parameter={parameter} value={value} commit={commit} />
        : <Together parameter={parameter} value={value} commit={commit} />}
      {axes > 1 && (
        <button
          type="button" class="icon-button link" aria-pressed={!apart} onClick={toggle} disabled={value == null}
          aria-label={`${apart ? "Link" : "Unlink"} the axes of ${parameter.name}`}
          data-help={apart ? "One size for all axes" : "A size for each axis"}
        >
          <Icon name={apart ? "unlink" : "link"} size={14} />
        </button>
      )}
    </>
  );
}

function Together({ parameter, value, commit }: WidgetProps): JSX.Element {
  const { name, help, nullable, axes } = parameter;
  const parse = (text: string): Parsed<Value> =>
    nullable && isNone(text) ? { ok: true, value: null } : parseSizes(text, axes ?? 1, parameter);
  const draft = useDraft(value, parse, commit);
  const step = (by: number): void => {
    const now = parseInteger(draft.text);
    if (now.ok) draft.type(String(Math.max(parameter.minimum ?? -Infinity, now.value + by)));
  };
  return (
    <span class="box">
      <TextInput draft={draft} label={name} help={help} step={step} {...(nullable ? { placeholder: "None" } : {})} />
      <Stepper step={step} />
    </span>
  );
}

function Axes({ parameter, value, commit }: WidgetProps): JSX.Element {
  const sizes = value as readonly Value[];
  return (
    <span class={sizes.length > 3 ? "axes pairs" : "axes"} role="group" aria-label={parameter.name}>
      {sizes.map((size, index) => (
        <Axis
          key={index} parameter={parameter} index={index} size={size}
          commit={(next) => commit(sizes.map((old, i) => (i === index ? next : old)))}
        />
      ))}
    </span>
  );
}

interface AxisProps {
  readonly parameter: WidgetProps["parameter"];
  readonly index: number;
  readonly size: Value;
  readonly commit: (size: Value) => void;
}

function Axis({ parameter, index, size, commit }: AxisProps): JSX.Element {
  const parse = (text: string): Parsed<Value> =>
    (parameter.nullable || parameter.holes) && isNone(text) ? { ok: true, value: null } : parseInteger(text, parameter);
  const draft = useDraft(size, parse, commit);
  const step = (by: number): void => {
    const now = parseInteger(draft.text);
    if (now.ok) draft.type(String(Math.max(parameter.minimum ?? -Infinity, now.value + by)));
  };
  return (
    <span class="box">
      <TextInput
        draft={draft} label={`${parameter.name} axis ${index + 1}`} help={parameter.help} mode="numeric" step={step}
      />
    </span>
  );
}
