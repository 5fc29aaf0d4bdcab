// What a layer made of the sample, in a few small pictures on its card, and larger on request.

import type { JSX } from "preact";
import type { CardId, Strip as Pictures } from "../model/protocol";
import { Dialog } from "./dialog";
import { useSelector, useSession } from "./hooks";

/** Maps that a narrow card has room for. */
const FEW = 4;

/** The strip of a card, or of the input with an empty id; room for it while it is on its way. */
export function Strip({ id }: { id: CardId }): JSX.Element | null {
  const on = useSelector((state) => state.seeing !== null && !state.seen?.trouble);
  return on ? <Shown id={id} /> : null;
}

function Shown({ id }: { id: CardId }): JSX.Element {
  const session = useSession();
  const strip = useSelector((state) => state.seen?.strips[id] ?? null);
  const reachable = useSelector((state) => state.selected === id);
  if (!strip) return <div class="strip" aria-hidden="true" />;
  const enlarge = (event: Event): void => {
    event.stopPropagation();
    session.store.set({ enlarged: id });
  };
  return (
    <button
      type="button" class="strip" data-help={strip.facts} aria-label={`${strip.alt}; enlarge`}
      tabIndex={reachable || id === "" ? 0 : -1} onClick={enlarge}
    >
      <span class={`strip-row ${strip.form}`} aria-hidden="true">
        <Tiles strip={strip} />
        {strip.form === "maps" ? <More strip={strip} /> : strip.form === "row" && <Range strip={strip} />}
      </span>
    </button>
  );
}

function Tiles({ strip }: { strip: Pictures }): JSX.Element {
  const { source, tiles, ratio, form } = strip;
  const shape = form === "maps" ? `--share:${Math.min(1, ratio)};aspect-ratio:${ratio};` : "";
  return (
    <>
      {Array.from({ length: tiles }, (_, index) => (
        <i
          key={index} class="map"
          style={`${shape}background-image:url(${source});background-size:${tiles * 100}% 100%;background-position:${tiles > 1 ? (index / (tiles - 1)) * 100 : 0}% 0`}
        />
      ))}
    </>
  );
}

function More({ strip: { tiles, of } }: { strip: Pictures }): JSX.Element {
  const few = Math.min(tiles, FEW);
  return (
    <>
      {of > tiles && <span class="more-maps many">+ {of - tiles}<span class="word"> more</span></span>}
      {of > few && <span class="more-maps few">+{of - few}</span>}
    </>
  );
}

function Range({ strip: { low, high } }: { strip: Pictures }): JSX.Element {
  return <span class="range"><span>{low}</span>{low !== high && <span>{high}</span>}</span>;
}

export function Enlarged(): JSX.Element | null {
  const session = useSession();
  const strip = useSelector((state) => (state.enlarged === null ? null : (state.seen?.strips[state.enlarged] ?? null)));
  const network = useSelector((state) => state.data?.epoch ?? "");
  if (!strip) return null;
  return (
    <Dialog title={strip.alt} name="picture" close={() => session.store.set({ enlarged: null })}>
      <div class="enlarged" role="img" aria-label={strip.alt}>
        <span class={`strip-row ${strip.form}`}><Tiles strip={strip} /></span>
      </div>
      <p class="enlarged-facts quiet">{strip.facts}. Black is the least number{strip.form === "maps" ? " of each map" : ""}, white the largest.</p>
      <p class="enlarged-facts"><a href={`inspect?network=${encodeURIComponent(network)}`}>See all of it on the Inspect page</a></p>
    </Dialog>
  );
}
