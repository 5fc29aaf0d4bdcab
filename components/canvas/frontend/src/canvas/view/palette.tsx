// The layers to choose from: searched, grouped, dragged or clicked into the network.

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { insert } from "../actions";
import type { Kind } from "../model/protocol";
import { best, type Group, search } from "../model/search";
import type { Session } from "../session";
import { accent } from "./accent";
import { memo, useSelector, useSession } from "./hooks";
import { Glyph, Icon } from "./icons";

export const Palette = memo(function Palette(): JSX.Element {
  const session = useSession();
  const catalogue = useSelector((state) => state.catalogue);
  const text = useSelector((state) => state.search);
  const closed = useSelector((state) => state.closed);
  const stop = useSelector((state) => state.stop);
  const searching = text.trim() !== "";
  const groups = useMemo(() => (catalogue ? search(catalogue, text) : []), [catalogue, text]);
  const stops = groups.flatMap(({ name, kinds }) =>
    [headOf(name), ...(searching || !closed.has(name) ? kinds.map(({ kind }) => kind) : [])]);
  // One stop for the Tab key, where the arrow keys have last been: there are over a hundred layers.
  const reachable = stop !== null && stops.includes(stop) ? stop : (stops[searching ? 1 : 0] ?? null);
  return (
    <aside class="palette" aria-label="Layers">
      <SearchBox />
      <div
        class="palette-groups" onKeyDown={(event) => walk(event, session)}
        onFocusIn={(event) => session.store.set({ stop: stopOf(event.target) })}
      >
        {groups.map((group) => (
          <Category key={group.name} group={group} closed={!searching && closed.has(group.name)} reachable={reachable} />
        ))}
        {catalogue && groups.length === 0 && <p class="quiet none">No layer matches “{text}”.</p>}
      </div>
    </aside>
  );
});

function headOf(category: string): string {
  return `category ${category}`;
}

function stopOf(target: EventTarget | null): string | null {
  return (target as Element | null)?.closest<HTMLElement>("[data-stop]")?.dataset["stop"] ?? null;
}

/** Arrow keys go from stop to stop; left and right fold and unfold the category. */
function walk(event: KeyboardEvent, session: Session): void {
  const list = event.currentTarget as HTMLElement;
  const all = Array.from(list.querySelectorAll<HTMLElement>("[data-stop]"));
  const now = all.findIndex((each) => each.dataset["stop"] === stopOf(event.target));
  const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined) all[Math.max(to, 0)]?.focus();
  else if (event.key === "ArrowLeft" || event.key === "ArrowRight") fold(all[now], event.key === "ArrowLeft", session);
  else return;
  event.preventDefault();
}

function fold(from: HTMLElement | undefined, away: boolean, session: Session): void {
  const head = from?.closest(".category")?.querySelector<HTMLElement>("[data-stop]");
  const name = head?.dataset["category"];
  if (!head || name === undefined || (!away && from !== head)) return;
  const closed = new Set(session.store.get().closed);
  if (away) closed.add(name);
  else closed.delete(name);
  session.store.set({ closed });
  head.focus();
}

function SearchBox(): JSX.Element {
  const session = useSession();
  const text = useSelector((state) => state.search);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") session.store.set({ search: "" });
    if (event.key === "ArrowDown") {
      event.preventDefault();
      const list = event.currentTarget as HTMLElement;
      list.closest(".palette")?.querySelector<HTMLElement>("[data-drag-kind]")?.focus();
    }
    if (event.key !== "Enter") return;
    const { catalogue } = session.store.get();
    const first = catalogue && best(catalogue, text);
    if (first) insert(session, first.kind);
  };
  return (
    <div class="search">
      <Icon name="search" />
      <input
        type="search" role="searchbox" aria-label="Search layers" placeholder="Search layers" autocomplete="off"
        spellcheck={false} value={text} onKeyDown={onKeyDown}
        onInput={(event) => session.store.set({ search: event.currentTarget.value })}
      />
      {text === "" && <kbd aria-hidden="true">/</kbd>}
    </div>
  );
}

interface CategoryProps {
  readonly group: Group;
  readonly closed: boolean;
  readonly reachable: string | null;
}

function Category({ group, closed, reachable }: CategoryProps): JSX.Element {
  const session = useSession();
  const toggle = (): void => {
    const next = new Set(session.store.get().closed);
    if (!next.delete(group.name)) next.add(group.name);
    session.store.set({ closed: next });
  };
  const stop = headOf(group.name);
  return (
    <section class="category">
      <h3>
        <button
          type="button" class="category-head" aria-label={`Category ${group.name}`} aria-expanded={!closed} onClick={toggle}
          data-stop={stop} data-category={group.name} tabIndex={stop === reachable ? 0 : -1}
        >
          <span>{group.name}</span>
          {closed && <span class="category-count">{group.kinds.length}</span>}
          <Icon name={closed ? "unfold" : "fold"} size={12} />
        </button>
      </h3>
      {!closed && (
        <div class="category-items">
          {group.kinds.map((kind) => <Item key={kind.kind} kind={kind} reachable={kind.kind === reachable} />)}
        </div>
      )}
    </section>
  );
}

const Item = memo(function Item({ kind, reachable }: { kind: Kind; reachable: boolean }): JSX.Element {
  const session = useSession();
  const catalogue = useSelector((state) => state.catalogue);
  return (
    <button
      type="button" class="item" aria-label={kind.kind} aria-description={kind.summary} data-help={kind.summary}
      data-drag-kind={kind.kind} data-stop={kind.kind} tabIndex={reachable ? 0 : -1}
      style={accent(catalogue, kind.kind)} onClick={() => insert(session, kind.kind)}
    >
      <span class="tile"><Glyph category={kind.category} /></span>
      <span class="item-name">{kind.kind}</span>
    </button>
  );
});
