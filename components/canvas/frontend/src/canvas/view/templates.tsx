// Networks to start from: as cards on an empty canvas, as a menu at any time.

import type { JSX } from "preact";
import { template } from "../actions";
import { useSelector, useSession } from "./hooks";
import { Menu } from "./menu";

export function TemplateCards(): JSX.Element {
  const session = useSession();
  const templates = useSelector((state) => state.catalogue?.templates ?? NONE);
  return (
    <div class="template-cards">
      {templates.map(({ id, title, summary }) => (
        <button key={id} type="button" class="template" onClick={() => template(session, id, title)}>
          <b>{title}</b>
          <span>{summary}</span>
        </button>
      ))}
    </div>
  );
}

const NONE: never[] = [];

export function TemplateMenu(): JSX.Element {
  return (
    <Menu name="Templates" icon="templates">
      <p class="quiet">Replaces the network; Undo brings it back.</p>
      <TemplateCards />
    </Menu>
  );
}
