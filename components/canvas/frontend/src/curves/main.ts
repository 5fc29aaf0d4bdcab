import { Chart } from "./chart";
import type { Message, Want } from "./protocol";

interface Mount {
  parentElement: HTMLElement;
  data: Message;
  setStateValue(name: "want", value: Want): void;
}

const charts = new WeakMap<HTMLElement, Chart>();

/** Called by Streamlit at every new message and at every change of theme. */
export default function mount({ parentElement, data, setStateValue }: Mount): () => void {
  let chart = charts.get(parentElement);
  if (chart === undefined) {
    chart = new Chart(parentElement, (want) => setStateValue("want", want));
    charts.set(parentElement, chart);
  }
  chart.receive(data);
  return () => setTimeout(() => forget(parentElement), 0);
}

/** The clean-up is called on the way to a new call too: only an element that is gone is given up. */
function forget(parentElement: HTMLElement): void {
  if (parentElement.isConnected) return;
  charts.get(parentElement)?.destroy();
  charts.delete(parentElement);
}
