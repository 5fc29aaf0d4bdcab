// Padding: sizes, or one of torch's words for it.

import type { JSX } from "preact";
import type { Value } from "../../model/protocol";
import { type Parsed, parseSizes } from "../../model/values";
import { useDraft } from "./draft";
import type { WidgetProps } from "./field";
import { SizesWidget } from "./sizes";
import { TextInput } from "./text";

export function PaddingWidget(props: WidgetProps): JSX.Element {
  const { parameter, value, commit } = props;
  const words = parameter.words ?? [];
  const word = typeof value === "string" ? value : null;
  return (
    <span class="padding">
      <span class="padding-sizes">
        {Array.isArray(value) ? <SizesWidget {...props} /> : <Typed {...props} words={words} />}
      </span>
      <span class="words-row" role="group" aria-label={`${parameter.name} by word`}>
        {words.map((option) => (
          <button
            key={option} type="button" class="chip" aria-pressed={word === option}
            onClick={() => commit(word === option ? 0 : option)}
          >
            {option}
          </button>
        ))}
      </span>
    </span>
  );
}

function Typed({ parameter, value, commit, words }: WidgetProps & { words: readonly string[] }): JSX.Element {
  const parse = (text: string): Parsed<Value> => {
    const word = text.trim().toLowerCase().replace(/['"]/g, "");
    if (words.includes(word)) return { ok: true, value: word };
    return parseSizes(text, parameter.axes ?? 1, parameter);
  };
  const draft = useDraft(value, parse, commit);
  return <span class="box"><TextInput draft={draft} label={parameter.name} help={parameter.help} /></span>;
}
