// The card that follows the pointer.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { accent } from "./accent";
import { useDrag, useSelector } from "./hooks";
import { Glyph } from "./icons";

export function Ghost(): JSX.Element {
  const layer = useRef<HTMLDivElement>(null);
  const ghost = useDrag((drag) => drag.ghost);
  const x = useDrag((drag) => drag.x);
  const y = useDrag((drag) => drag.y);
  const catalogue = useSelector((state) => state.catalogue);
  // Where an ancestor is transformed, "fixed" does not start at the window's corner.
  const origin = layer.current?.getBoundingClientRect();
  const at = `transform:translate(${x - (origin?.left ?? 0) + 10}px,${y - (origin?.top ?? 0) + 8}px)`;
  return (
    <div class="ghost-layer" ref={layer} aria-hidden="true">
      {ghost && (
        <div class="ghost" style={at}>
          <div class="ghost-card" style={accent(catalogue, ghost.kind)}>
            <span class="tile"><Glyph category={catalogue?.kinds[ghost.kind]?.category ?? ""} /></span>
            <b>{ghost.kind}</b>{ghost.name && <code>{ghost.name}</code>}
            {ghost.ids.size > 1 && <span class="more-cards">+{ghost.ids.size - 1}</span>}
          </div>
        </div>
      )}
    </div>
  );
}
