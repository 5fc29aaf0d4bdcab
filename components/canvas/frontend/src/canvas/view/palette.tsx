// The layers to choose from: searched, grouped, dragged or clicked into the network.

import type { JSX } from "preact";
import { insert } from "../actions";
import type { Kind } from "../model/protocol";
import { best, type Group, search } from "../model/search";
import { accent } from "./accent";
import { memo, useSelector, useSession } from "./hooks";
import { Glyph, Icon } from "./icons";

export const Palette = memo(function Palette(): JSX.Element {
  const catalogue = useSelector((state) => state.catalogue);
  const text = useSelector((state) => state.search);
  const groups = catalogue ? search(catalogue, text) : [];
  return (
    <aside class="palette" aria-label="Layers">
      <SearchBox />
      <div class="palette-groups">
        {groups.map((group) => <Category key={group.name} group={group} searching={text.trim() !== ""} />)}
        {catalogue && groups.length === 0 && <p class="quiet none">No layer matches “{text}”.</p>}
      </div>
    </aside>
  );
});

function SearchBox(): JSX.Element {
  const session = useSession();
  const text = useSelector((state) => state.search);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") session.store.set({ search: "" });
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

function Category({ group, searching }: { group: Group; searching: boolean }): JSX.Element {
  const session = useSession();
  const closed = useSelector((state) => state.closed.has(group.name)) && !searching;
  const toggle = (): void => {
    const next = new Set(session.store.get().closed);
    if (!next.delete(group.name)) next.add(group.name);
    session.store.set({ closed: next });
  };
  return (
    <section class="category">
      <h3>
        <button type="button" class="category-head" aria-label={`Category ${group.name}`} aria-expanded={!closed} onClick={toggle}>
          <span>{group.name}</span>
          <Icon name={closed ? "unfold" : "fold"} size={12} />
        </button>
      </h3>
      {!closed && (
        <div class="category-items">
          {group.kinds.map((kind) => <Item key={kind.kind} kind={kind} />)}
        </div>
      )}
    </section>
  );
}

const Item = memo(function Item({ kind }: { kind: Kind }): JSX.Element {
  const session = useSession();
  const catalogue = useSelector((state) => state.catalogue);
  return (
    <button
      type="button" class="item" aria-label={kind.kind} aria-description={kind.summary} data-help={kind.summary}
      data-drag-kind={kind.kind} style={accent(catalogue, kind.kind)} onClick={() => insert(session, kind.kind)}
    >
      <span class="tile"><Glyph category={kind.category} /></span>
      <span class="item-name">{kind.kind}</span>
    </button>
  );
});
