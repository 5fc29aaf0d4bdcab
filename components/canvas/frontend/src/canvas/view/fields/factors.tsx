// A positive number for all axes, or one for each, typed as "2" or "2, 1.5".

import type { JSX } from "preact";
import type { Value } from "../../model/protocol";
import { type Parsed, parseFactors } from "../../model/values";
import { useDraft } from "./draft";
import type { WidgetProps } from "./field";
import { isNone } from "./number";
import { TextInput } from "./text";

export function FactorsWidget({ parameter, value, commit }: WidgetProps): JSX.Element {
  const { name, help, nullable } = parameter;
  const parse = (text: string): Parsed<Value> =>
    nullable && isNone(text) ? { ok: true, value: null } : parseFactors(text);
  const draft = useDraft(value, parse, commit);
  return (
    <span class="box">
      <TextInput draft={draft} label={name} help={help} placeholder={nullable ? "None" : "2, 2"} />
    </span>
  );
}
