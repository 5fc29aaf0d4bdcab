// One of a few fixed values.

import type { JSX } from "preact";
import { equal, show } from "../../model/values";
import type { WidgetProps } from "./field";

export function ChoiceWidget({ parameter, value, commit }: WidgetProps): JSX.Element {
  const listed = parameter.options ?? [];
  const options = parameter.nullable && !listed.includes(null) ? [null, ...listed] : listed;
  const index = options.findIndex((option) => equal(option, value ?? null));
  return (
    <select
      aria-label={parameter.name} aria-description={parameter.help} value={String(index)}
      onChange={(event) => commit(options[Number(event.currentTarget.value)] ?? null)}
    >
      {options.map((option, i) => <option key={i} value={String(i)}>{show(option)}</option>)}
    </select>
  );
}
