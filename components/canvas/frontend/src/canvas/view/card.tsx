// One card, and the connector below it that shows the shape.

import type { JSX } from "preact";
import { startNaming } from "../actions";
import { extend, select, toggle } from "../choosing";
import { title } from "../model/gaps";
import type { Card } from "../model/protocol";
import { costs, isFrozen } from "../model/costs";
import type { Session } from "../session";
import { accent } from "./accent";
import { Fault } from "./fault";
import { Frame } from "./frame";
import { memo, useDrag, useSelector, useSession } from "./hooks";
import { Glyph, Icon } from "./icons";
import { Strip } from "./strip";

export const CardItem = memo(function CardItem({ card }: { card: Card }): JSX.Element {
  const session = useSession();
  const selected = useSelector((state) =>
    state.chosen.size > 0 ? state.chosen.has(card.id) : state.selected === card.id);
  const reachable = useSelector((state) =>
    state.selected === card.id || (state.selected === null && state.cards[0]?.id === card.id));
  const lifted = useSelector((state) => state.lifted?.ids.includes(card.id) ?? false);
  const folded = useSelector((state) => card.lanes !== null && state.folded.has(card.id));
  const dragged = useDrag((drag) => drag.ghost?.ids.has(card.id) ?? false);
  const choose = (event: MouseEvent): void => {
    event.stopPropagation();
    if (isJoining(event)) {
      if (event.shiftKey) extend(session, card.id);
      else toggle(session, card.id);
      refocus(event.currentTarget as HTMLElement, session);
      return;
    }
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
      onClick={choose} onMouseDown={(event) => isJoining(event) && event.preventDefault()}
      onFocus={(event) => event.target === event.currentTarget && !session.store.get().chosen.has(card.id) && select(session, card.id)}
    >
      <div class="card" data-box onDblClick={rename}>
        <Head card={card} />
        {card.state === "fault" && card.issue && <Fault block={card.id} issue={card.issue} />}
        {card.state === "waiting" && card.waitsFor && (
          <p class="waits"><Icon name="wait" size={12} /> waits for {card.waitsFor}</p>
        )}
        {card.lanes && <Frame card={card} />}
        {card.state === "ok" && !card.bypassed && <Strip id={card.id} />}
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
      {isFrozen(card) && <span class="frost"><Icon name="freeze" size={14} /></span>}
      <Count card={card} />
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

function Count({ card }: { card: Card }): JSX.Element {
  const { brief, full } = costs(card);
  return <span class="count" data-help={full}>{brief}</span>;
}

/** A click with a key held joins cards to the selection; it neither drags nor takes the focus by itself. */
function isJoining(event: MouseEvent): boolean {
  return event.shiftKey || event.ctrlKey || event.metaKey;
}

/** The focus goes to the card that the selection goes on from. */
function refocus(item: HTMLElement, session: Session): void {
  const { selected } = session.store.get();
  const scope = item.closest("[data-area]");
  if (selected !== null) scope?.querySelector<HTMLElement>(`[data-id="${CSS.escape(selected)}"]`)?.focus({ preventScroll: true });
}

/** "Conv2d conv1 N×6×28×28": the kind, the given name, then the shape or why there is none. */
export function accessibleName(card: Card): string {
  return [title(card), status(card), isFrozen(card) && "frozen"].filter(Boolean).join(" ");
}

function status(card: Card): string {
  if (card.state === "fault") return `fault: ${card.issue?.message ?? ""}`;
  if (card.bypassed) return [card.output, "switched off"].filter(Boolean).join(" ");
  if (card.state === "waiting") return `waits for ${card.waitsFor ?? "an earlier layer"}`;
  return card.output ?? "";
}
