// A tuple of whole numbers, typed as "4, 4".

import type { JSX } from "preact";
import type { Value } from "../../model/protocol";
import { type Parsed, parseShape } from "../../model/values";
import { useDraft } from "./draft";
import type { WidgetProps } from "./field";
import { isNone } from "./number";
import { TextInput } from "./text";

export function ShapeWidget({ parameter, value, commit }: WidgetProps): JSX.Element {
  const { name, help, nullable, wild, minimum, maximum } = parameter;
  const parse = (text: string): Parsed<Value> =>
    nullable && isNone(text) ? { ok: true, value: null }
      : parseShape(text, { minimum: wild ? -1 : (minimum ?? 1), maximum: maximum ?? null });
  const draft = useDraft(value, parse, commit);
  return (
    <span class="box">
      <TextInput draft={draft} label={name} help={help} placeholder={nullable ? "None" : "4, 4"} />
    </span>
  );
}
