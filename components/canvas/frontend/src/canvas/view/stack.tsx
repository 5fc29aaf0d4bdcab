// The network: input, cards in order, and what stands in their place while there are none.

import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { measure } from "../gesture/geometry";
import { lineFor } from "../model/drag";
import type { CardId, Lane } from "../model/protocol";
import { CardItem } from "./card";
import { memo, useDrag, useSelector } from "./hooks";
import { InputCard } from "./input_card";
import { Target } from "./target";
import { TemplateCards } from "./templates";

export const Stack = memo(function Stack(): JSX.Element {
  const cards = useSelector((state) => state.cards);
  const ready = useSelector((state) => state.catalogue !== null);
  return (
    <div class="stack">
      <InputCard />
      <div class="area" data-area>
        <LaneList cards={cards} into={null} lane={0} label="Network">
          {ready && cards.length === 0 && <Empty />}
        </LaneList>
        <Target />
        <Line />
      </div>
    </div>
  );
});

interface LaneProps {
  readonly cards: Lane;
  readonly into: CardId | null;
  readonly lane: number;
  readonly label: string;
  readonly children?: ComponentChildren;
}

export function LaneList({ cards, into, lane, label, children }: LaneProps): JSX.Element {
  return (
    <ul
      role="list" class={into === null ? "lane root" : "lane nested"} aria-label={label}
      data-lane={lane} data-into={into ?? ""}
    >
      {cards.map((card) => <CardItem key={card.id} card={card} />)}
      {children}
    </ul>
  );
}

function Empty(): JSX.Element {
  return (
    <li role="presentation" class="empty">
      <p class="empty-title">Drag a layer here, or start from a template</p>
      <p class="quiet">Click a layer in the palette to add it. Shapes are worked out as you build.</p>
      <TemplateCards />
    </li>
  );
}

/** The one line that shows where a dragged or lifted card would go. */
function Line(): JSX.Element | null {
  const ref = useRef<HTMLDivElement>(null);
  const dragged = useDrag((drag) => drag.line);
  const lifted = useSelector((state) => state.lifted);
  const area = ref.current?.parentElement;
  const gap = lifted?.gaps[lifted.index];
  const line = dragged ?? (area && gap ? lineFor(measure(area), gap) : null);
  const style = line
    ? `transform:translate(${line.x}px,${line.y}px);width:${line.width}px`
    : "display:none";
  return <div ref={ref} class="line" style={style} data-line={line ? "shown" : "hidden"} />;
}

