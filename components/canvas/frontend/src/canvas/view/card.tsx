// One card, and the connector below it that shows the shape.

import type { JSX } from "preact";
import { select, startNaming } from "../actions";
import { title } from "../model/gaps";
import type { Card } from "../model/protocol";
import { thousands } from "../model/values";
import { accent } from "./accent";
import { Fault } from "./fault";
import { Frame } from "./frame";
import { memo, useDrag, useSelector, useSession } from "./hooks";
import { Glyph, Icon } from "./icons";

export const CardItem = memo(function CardItem({ card }: { card: Card }): JSX.Element {
  const session = useSession();
  const selected = useSelector((state) => state.selected === card.id);
  const reachable = useSelector((state) =>
    state.selected === card.id || (state.selected === null && state.cards[0]?.id === card.id));
  const lifted = useSelector((state) => state.lifted?.id === card.id);
  const folded = useSelector((state) => card.lanes !== null && state.folded.has(card.id));
  const dragged = useDrag((drag) => drag.ghost?.id === card.id);
  const choose = (event: MouseEvent): void => {
    event.stopPropagation();
    select(session, card.id, true);
    // Beside the stack the form covers nothing; the sheet on a narrow screen may cover the card.
    const covered = (event.currentTarget as Element).closest("[data-layout=narrow]");
    if (covered) session.store.set({ focus: { id: card.id, keyboard: false } });
  };
  const rename = (event: MouseEvent): void => {
    event.stopPropagation();
    if ((event.target as Element).closest("[data-drag-card]")) startNaming(session);
  };
  const marks = [card.bypassed ? "bypassed" : card.state, selected && "selected", card.touched && "touched",
    (dragged || lifted) && "lifted", card.lanes && "container", branches(card) && "wide", folded && "folded-away"];
  return (
    <li
      role="listitem" class={`entry ${marks.filter(Boolean).join(" ")}`} aria-label={accessibleName(card)}
      aria-current={selected ? "true" : undefined} tabIndex={reachable ? 0 : -1} data-id={card.id}
      onClick={choose} onFocus={(event) => event.target === event.currentTarget && select(session, card.id)}
    >
      <div class="card" data-box onDblClick={rename}>
        <Head card={card} />
        {card.state === "fault" && card.issue && <Fault block={card.id} issue={card.issue} />}
        {card.state === "waiting" && card.waitsFor && (
          <p class="waits"><Icon name="wait" size={12} /> waits for {card.waitsFor}</p>
        )}
        {card.lanes && <Frame card={card} />}
      </div>
      <Connector shape={card.output} />
    </li>
  );
});

function Head({ card }: { card: Card }): JSX.Element {
  const catalogue = useSelector((state) => state.catalogue);
  return (
    <div class="head" data-drag-card={card.id} style={accent(catalogue, card.kind)}>
      <span class="grip" data-grip aria-hidden="true"><Grip /></span>
      <span class="tile"><Glyph category={catalogue?.kinds[card.kind]?.category ?? ""} /></span>
      <span class="words">
        <span class="title"><b>{card.kind}</b>{card.name && <code>{card.name}</code>}</span>
        {card.summary && <span class="summary">{card.summary}</span>}
      </span>
      {card.bypassed && <span class="off">off</span>}
      <span class="count">{card.output === null && card.parameters === 0 ? "" : count(card.parameters)}</span>
    </div>
  );
}

export function Connector({ shape }: { shape: string | null }): JSX.Element {
  return <div class="connector" aria-hidden="true">{shape && <span class="shape">{shape}</span>}</div>;
}

function Grip(): JSX.Element {
  return (
    <svg width="10" height="16" viewBox="0 0 10 16" aria-hidden="true">
      {[3, 8, 13].map((y) => [2.5, 7.5].map((x) => <circle key={`${x}${y}`} cx={x} cy={y} r="1.2" />))}
    </svg>
  );
}

/** Whether lanes lie side by side anywhere inside, so that the card needs all the width there is. */
function branches(card: Card): boolean {
  const lanes = card.lanes ?? [];
  return lanes.length > 1 || lanes.some((lane) => lane.some(branches));
}

function count(parameters: number): string {
  return parameters === 0 ? "no params" : `${thousands(parameters)} params`;
}

/** "Conv2d conv1 N×6×28×28": the kind, the given name, then the shape or why there is none. */
export function accessibleName(card: Card): string {
  return [title(card), status(card)].filter(Boolean).join(" ");
}

function status(card: Card): string {
  if (card.state === "fault") return `fault: ${card.issue?.message ?? ""}`;
  if (card.bypassed) return [card.output, "switched off"].filter(Boolean).join(" ");
  if (card.state === "waiting") return `waits for ${card.waitsFor ?? "an earlier layer"}`;
  return card.output ?? "";
}
