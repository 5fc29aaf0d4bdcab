import { Pad } from "./pad";
import type { Drawing } from "./strokes";

interface Mount {
  parentElement: HTMLElement;
  /** How wide strokes are to begin with, as a share of the pad. */
  data: { brush: number };
  setStateValue(name: "drawing", value: Drawing): void;
}

const pads = new WeakMap<HTMLElement, Pad>();

/** Called by Streamlit at every answer and at every change of theme; the drawing stays. */
export default function mount({ parentElement, data, setStateValue }: Mount): () => void {
  if (!pads.has(parentElement)) {
    const send = (drawing: Drawing): void => setStateValue("drawing", drawing);
    pads.set(parentElement, new Pad(parentElement, send, data.brush));
  }
  return () => setTimeout(() => forget(parentElement), 0);
}

function forget(parentElement: HTMLElement): void {
  if (parentElement.isConnected) return;
  pads.get(parentElement)?.destroy();
  pads.delete(parentElement);
}
