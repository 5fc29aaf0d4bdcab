// Streamlit's entry: called when the component appears and again for each new data or theme.

import { render } from "preact";
import css from "./style/index.css?inline";
import type { CanvasData } from "./model/protocol";
import { createSession, type Session } from "./session";
import { themeOf } from "./theme";
import { App } from "./view/app";

export interface Component {
  readonly parentElement: HTMLElement | ShadowRoot;
  readonly data: CanvasData | null;
  readonly key: string;
  readonly name: string;
  setStateValue(name: string, value: unknown): void;
}

interface Mounted {
  readonly root: HTMLElement;
  readonly session: Session;
}

const mounted = new WeakMap<Node, Mounted>();

export default function canvas({ parentElement, data, setStateValue }: Component): () => void {
  const { root, session } = mounted.get(parentElement) ?? mount(parentElement);
  session.connect((outbox) => setStateValue("outbox", outbox));
  if (data) {
    session.receive(data);
    remember(data.epoch);
  }
  render(<App session={session} theme={themeOf(root)} />, root);
  // Streamlit also calls the clean-up of a call that newer data has overtaken; the canvas is gone
  // only when its place in the page is.
  return () => void setTimeout(() => root.isConnected || unmount(parentElement));
}

/** Let a later visit without a link find this network: the server reads the cookie. */
function remember(network: string): void {
  const year = 365 * 24 * 3600;
  document.cookie = `stackyard_network=${network}; path=/; max-age=${year}; SameSite=Lax`;
}

function mount(parent: HTMLElement | ShadowRoot): Mounted {
  const style = document.createElement("style");
  style.textContent = css;
  const root = document.createElement("div");
  root.className = "stackyard";
  parent.append(style, root);
  const made = { root, session: createSession() };
  mounted.set(parent, made);
  return made;
}

function unmount(parent: Node): void {
  const made = mounted.get(parent);
  if (!made) return;
  mounted.delete(parent);
  render(null, made.root);
  made.session.close();
  made.root.previousElementSibling?.remove();
  made.root.remove();
}
