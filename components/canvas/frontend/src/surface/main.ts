import { Figure } from "./figure";
import type { Message } from "./protocol";

interface Mount {
  parentElement: HTMLElement;
  data: Message;
}

const figures = new WeakMap<HTMLElement, Figure>();

/** Called by Streamlit at every new message and at every change of theme. */
export default function mount({ parentElement, data }: Mount): () => void {
  const figure = figures.get(parentElement) ?? new Figure(parentElement);
  figures.set(parentElement, figure);
  figure.receive(data);
  return () => setTimeout(() => forget(parentElement), 0);
}

/** The clean-up is called on the way to a new call too: only an element that is gone is given up. */
function forget(parentElement: HTMLElement): void {
  if (parentElement.isConnected) return;
  figures.get(parentElement)?.destroy();
  figures.delete(parentElement);
}
