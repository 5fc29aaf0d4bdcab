// A switch; three buttons where None is a third answer.

import type { JSX } from "preact";
import { show } from "../../model/values";
import type { WidgetProps } from "./field";

export function BooleanWidget(props: WidgetProps): JSX.Element {
  const { parameter, value, commit } = props;
  if (parameter.nullable) return <ThreeWay {...props} />;
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

const ANSWERS = [null, true, false] as const;

function ThreeWay({ parameter, value, commit }: WidgetProps): JSX.Element {
  return (
    <span class="words-row three" role="group" aria-label={parameter.name} aria-description={parameter.help}>
      {ANSWERS.map((answer) => (
        <button
          key={show(answer)} type="button" class="chip" aria-pressed={(value ?? null) === answer}
          onClick={() => commit(answer)}
        >
          {show(answer)}
        </button>
      ))}
    </span>
  );
}
