// A container's body: its lanes side by side, folded away on request.

import type { JSX } from "preact";
import { toggleFold } from "../actions";
import { addLaneLabel, laneLabel, laneTitle, title } from "../model/gaps";
import type { Card } from "../model/protocol";
import { Connector } from "./card";
import { useSelector, useSession } from "./hooks";
import { Icon } from "./icons";
import { LaneList } from "./stack";

export function Frame({ card }: { card: Card }): JSX.Element {
  const session = useSession();
  const lanes = card.lanes ?? [];
  const folded = useSelector((state) => state.folded.has(card.id));
  const limits = useSelector((state) => state.catalogue?.kinds[card.kind]?.lanes ?? null);
  const inside = lanes.reduce((sum, lane) => sum + lane.length, 0);
  const stop = (event: Event): void => event.stopPropagation();
  const more = limits && (limits.max == null || lanes.length < limits.max);
  return (
    <>
      <button
        type="button" class="fold" aria-expanded={!folded} aria-label={`${folded ? "Unfold" : "Fold"} ${title(card)}`}
        onClick={(event) => { stop(event); toggleFold(session, card.id); }}
      >
        <Icon name={folded ? "unfold" : "fold"} size={14} />
      </button>
      {folded ? (
        <p class="folded quiet">{inside} {inside === 1 ? "layer" : "layers"} folded</p>
      ) : (
        <div class="frame">
          <div class="lanes" data-count={lanes.length}>
            {lanes.map((_, index) => <FrameLane key={index} card={card} index={index} />)}
          </div>
          {more && limits.max !== limits.min && (
            <button
              type="button" class="add-lane"
              onClick={(event) => { stop(event); session.dispatch({ op: "add_lane", block: card.id }); }}
            >
              <Icon name="plus" size={12} /> {addLaneLabel(limits, lanes.length)}
            </button>
          )}
        </div>
      )}
    </>
  );
}

function FrameLane({ card, index }: { card: Card; index: number }): JSX.Element {
  const session = useSession();
  const over = useSelector((state) => {
    const gap = state.lifted?.gaps[state.lifted.index];
    return gap?.into === card.id && gap.lane === index;
  });
  const limits = useSelector((state) => state.catalogue?.kinds[card.kind]?.lanes ?? null);
  const lanes = card.lanes ?? [];
  const lane = lanes[index] ?? [];
  // Where lanes have names of their own, the first ones are not the ones to spare.
  const spare = limits !== null && lanes.length > limits.min && (!limits.others?.length || index >= limits.min);
  const name = laneTitle(card, index, limits);
  const remove = (event: Event): void => {
    event.stopPropagation();
    session.dispatch({ op: "remove_lane", block: card.id, lane: index });
  };
  return (
    <div class={over ? "frame-lane over" : "frame-lane"}>
      {lanes.length > 1 && (
        <div class="lane-head">
          <span>{laneLabel(limits, index)}</span>
          {spare && (
            <button type="button" class="icon-button small" aria-label={`Remove ${name}`} onClick={remove}>
              <Icon name="close" size={12} />
            </button>
          )}
        </div>
      )}
      <Connector shape={lane[0]?.input ?? card.inside ?? card.input} />
      <LaneList cards={lane} into={card.id} lane={index} label={name} />
      {lane.length === 0 && <p class="hint" aria-hidden="true">Drop layers here</p>}
    </div>
  );
}
