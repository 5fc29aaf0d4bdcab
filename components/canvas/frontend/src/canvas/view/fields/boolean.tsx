// A switch.

import type { JSX } from "preact";
import type { WidgetProps } from "./field";

export function BooleanWidget({ parameter, value, commit }: WidgetProps): JSX.Element {
  const on = value === true;
  return (
    <button
      type="button" role="switch" class="switch" aria-checked={on} aria-label={parameter.name}
      aria-description={parameter.help} onClick={() => commit(!on)}
    >
      <span class="knob" />
    </button>
  );
}
