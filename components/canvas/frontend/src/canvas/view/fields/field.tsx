// One parameter's row: its label, the widget of its type, and whether it is set, pinned or followed.

import type { JSX } from "preact";
import { resetParameter, setParameter } from "../../actions";
import type { Card, Parameter, Value } from "../../model/protocol";
import { equal, show } from "../../model/values";
import { memo, useSession } from "../hooks";
import { Icon } from "../icons";
import { BooleanWidget } from "./boolean";
import { ChoiceWidget } from "./choice";
import { FactorsWidget } from "./factors";
import { NumberWidget } from "./number";
import { PaddingWidget } from "./padding";
import { ShapeWidget } from "./shape";
import { SizesWidget } from "./sizes";

export interface WidgetProps {
  readonly parameter: Parameter;
  readonly value: Value | undefined;
  readonly commit: (value: Value) => void;
  readonly describedBy?: string;
}

const WIDGETS: Record<Parameter["type"], (props: WidgetProps) => JSX.Element> = {
  integer: NumberWidget,
  number: NumberWidget,
  boolean: BooleanWidget,
  choice: ChoiceWidget,
  sizes: SizesWidget,
  padding: PaddingWidget,
  shape: ShapeWidget,
  factors: FactorsWidget,
};

/** What a parameter is while the person has not set it. */
export function unsetValue(card: Card, parameter: Parameter): Value | undefined {
  return parameter.follows ? card.filled[parameter.name] : parameter.default;
}

/** Whether a parameter differs from what a fresh layer has. */
export function isChanged(card: Card, parameter: Parameter): boolean {
  const { name, follows, initial } = parameter;
  if (!(name in card.params)) return !follows && initial !== undefined && !equal(initial, parameter.default);
  return follows || !equal(card.params[name], initial !== undefined ? initial : parameter.default);
}

export const Field = memo(function Field({ card, parameter }: { card: Card; parameter: Parameter }): JSX.Element {
  const session = useSession();
  const { name, type, follows, help } = parameter;
  const set = name in card.params;
  const changed = isChanged(card, parameter);
  const unset = unsetValue(card, parameter);
  const value = set ? card.params[name] : unset;
  const wrong = follows && set && unset !== undefined && !equal(value, unset);
  const Widget = WIDGETS[type];
  const many = Array.isArray(value) && type !== "shape" && value.length > 3;
  const marks = [many && "many", wrong && "invalid", follows && "follows", changed && "set"].filter(Boolean).join(" ");
  return (
    <div class={`field ${marks}`} data-parameter={name}>
      <span class="label" data-help={help}>
        <code>{name}</code>
        {changed && !follows && <Reset card={card} parameter={parameter} />}
      </span>
      <div class="widget">
        <Widget parameter={parameter} value={value} commit={(next) => setParameter(session, card.id, name, next)} />
        {follows && !set && <span class="badge">auto</span>}
        {follows && <Pin card={card} name={name} pinned={set} value={value} />}
      </div>
      {wrong && <p class="error">The input has {show(unset)}</p>}
    </div>
  );
});

function Reset({ card, parameter }: { card: Card; parameter: Parameter }): JSX.Element {
  const session = useSession();
  const fresh = parameter.initial !== undefined ? parameter.initial : parameter.default;
  return (
    <button
      type="button" class="reset" aria-label={`Reset ${parameter.name}`} data-help={`Back to ${show(fresh)}`}
      onClick={() => resetParameter(session, card.id, parameter)}
    >
      <Icon name="reset" size={12} />
    </button>
  );
}

interface PinProps {
  readonly card: Card;
  readonly name: string;
  readonly pinned: boolean;
  readonly value: Value | undefined;
}

function Pin({ card, name, pinned, value }: PinProps): JSX.Element {
  const session = useSession();
  const toggle = (): void => {
    if (pinned) session.dispatch({ op: "unset", block: card.id, name });
    else if (value !== undefined) session.dispatch({ op: "set", block: card.id, name, value });
  };
  return (
    <button
      type="button" class="icon-button pin" aria-label={`${pinned ? "Unpin" : "Pin"} ${name}`} aria-pressed={pinned}
      disabled={!pinned && value === undefined} onClick={toggle}
      data-help={pinned ? "Pinned: stays as it is. Click to follow the input again" : "Follows the input. Click to pin it"}
    >
      <Icon name="pin" size={14} />
    </button>
  );
}
