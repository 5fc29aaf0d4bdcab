// An integer or a real number; an integer can be stepped.

import type { JSX } from "preact";
import type { Value } from "../../model/protocol";
import { type Parsed, parseInteger, parseNumber } from "../../model/values";
import { Icon } from "../icons";
import { useDraft } from "./draft";
import type { WidgetProps } from "./field";
import { TextInput } from "./text";

export function NumberWidget({ parameter, value, commit }: WidgetProps): JSX.Element {
  const { name, type, help, nullable, minimum, maximum } = parameter;
  const whole = type === "integer";
  const parse = (text: string): Parsed<Value> => {
    if (nullable && isNone(text)) return { ok: true, value: null };
    return whole ? parseInteger(text, parameter) : parseNumber(text, parameter);
  };
  const draft = useDraft(value, parse, commit);
  const step = (by: number): void => {
    const now = parseInteger(draft.text);
    const next = (now.ok ? now.value : (minimum ?? 0)) + by;
    draft.type(String(Math.min(maximum ?? Infinity, Math.max(minimum ?? -Infinity, next))));
  };
  return (
    <span class="box">
      <TextInput
        draft={draft} label={name} help={help} mode={whole ? "numeric" : "decimal"}
        {...(nullable ? { placeholder: "None" } : {})} {...(whole ? { step } : {})}
      />
      {whole && <Stepper step={step} />}
    </span>
  );
}

export function isNone(text: string): boolean {
  return text.trim() === "" || text.trim().toLowerCase() === "none";
}

/** Plus and minus for the mouse; by keyboard the arrow keys do it in the field itself. */
export function Stepper({ step }: { step: (by: number) => void }): JSX.Element {
  return (
    <span class="stepper" aria-hidden="true">
      <button type="button" tabIndex={-1} onClick={() => step(-1)}><Icon name="minus" size={10} /></button>
      <button type="button" tabIndex={-1} onClick={() => step(1)}><Icon name="plus" size={10} /></button>
    </span>
  );
}
