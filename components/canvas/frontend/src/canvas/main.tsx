// Streamlit's entry: called when the component appears and again for each new data or theme.

import { options, render } from "preact";
import { Pace } from "../pace";
import css from "./style/index.css?inline";
import { inspected } from "./inspect";
import { drawSoon } from "./later";
import { isOld, wantedSight } from "./seeing";
import type { CanvasData } from "./model/protocol";
import { createSession, type Session } from "./session";
import { themeOf } from "./theme";
import { watchAsked } from "./watch";
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
  readonly pace: Pace;
  readonly onSight: () => void;
  readonly unwatch: readonly (() => void)[];
  /** Streamlit's, of the newest call. */
  setState: Component["setStateValue"];
}

/** Milliseconds between two looks at what another tab may have changed. */
const LOOK = 10_000;

options.debounceRendering = drawSoon;

const mounted = new WeakMap<Node, Mounted>();

export default function canvas({ parentElement, data, setStateValue }: Component): () => void {
  const made = mounted.get(parentElement) ?? mount(parentElement);
  const { root, session, pace } = made;
  made.setState = setStateValue;
  session.connect((outbox) => setStateValue("outbox", outbox));
  if (data) {
    session.receive(data);
    remember(data.epoch);
  }
  pace.receive(document.visibilityState === "visible");
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
  const session = createSession();
  const pace = new Pace((count) => made.setState("look", count), LOOK, LOOK);
  const unwatch = [
    watchAsked(session, inspected, (asked) => asked && made.setState("inspect", asked)),
    watchAsked(session, wantedSight, (asked) => made.setState("see", asked)),
  ];
  // What is asked of the server is marked at once: what is drawn of it may wait for the answer.
  session.store.subscribe(() => {
    const state = session.store.get();
    root.toggleAttribute("data-waiting", state.pending > 0);
    root.toggleAttribute("data-old", isOld(state));
  });
  const onSight = (): void => {
    if (document.visibilityState === "visible") pace.hurry();
    else pace.receive(false);
  };
  document.addEventListener("visibilitychange", onSight);
  window.addEventListener("focus", onSight);
  const made: Mounted = { root, session, pace, onSight, unwatch, setState: () => {} };
  mounted.set(parent, made);
  return made;
}

function unmount(parent: Node): void {
  const made = mounted.get(parent);
  if (!made) return;
  mounted.delete(parent);
  render(null, made.root);
  made.session.close();
  made.pace.stop();
  for (const stop of made.unwatch) stop();
  const page = made.root.ownerDocument;
  page.removeEventListener("visibilitychange", made.onSight);
  page.defaultView?.removeEventListener("focus", made.onSight);
  made.root.previousElementSibling?.remove();
  made.root.remove();
}
