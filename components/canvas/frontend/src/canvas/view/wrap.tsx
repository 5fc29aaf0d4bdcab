// Containers to put around what is selected.

import type { JSX } from "preact";
import { wrap } from "../actions";
import type { Kind } from "../model/protocol";
import { accent } from "./accent";
import { useSelector, useSession } from "./hooks";
import { Glyph } from "./icons";
import { Menu } from "./menu";

export function WrapMenu({ off }: { off: boolean }): JSX.Element {
  return (
    <Menu name="Wrap in…" icon="wrap" off={off} slim>
      <p class="quiet">Puts a container around what is selected.</p>
      <Containers />
    </Menu>
  );
}

export function Containers(): JSX.Element {
  const session = useSession();
  const catalogue = useSelector((state) => state.catalogue);
  const containers = Object.values(catalogue?.kinds ?? {}).filter((kind) => kind.container);
  const choose = ({ kind }: Kind) => (): void => {
    session.store.set({ menu: null });
    wrap(session, kind);
  };
  return (
    <div class="wrap-kinds">
      {containers.map((kind) => (
        <button key={kind.kind} type="button" class="item" style={accent(catalogue, kind.kind)} aria-label={`Wrap in ${kind.kind}`} aria-description={kind.summary} data-help={kind.summary} onClick={choose(kind)}>
          <span class="tile"><Glyph category={kind.category} /></span>
          <span class="item-name">{kind.kind}</span>
        </button>
      ))}
    </div>
  );
}
