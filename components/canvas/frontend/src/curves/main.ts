import { Chart } from "./chart";
import { Pace } from "../pace";
import type { Message, Want } from "./protocol";

/** Milliseconds between an answer and the next look at a run that goes on. */
const TICK = 150;

interface Mount {
  parentElement: HTMLElement;
  data: Message;
  setStateValue(name: "want" | "tick", value: Want | number): void;
}

interface Mounted {
  chart: Chart;
  pace: Pace;
}

const charts = new WeakMap<HTMLElement, Mounted>();

/** Called by Streamlit at every new message and at every change of theme. */
export default function mount({ parentElement, data, setStateValue }: Mount): () => void {
  let mounted = charts.get(parentElement);
  if (mounted === undefined) {
    const chart = new Chart(parentElement, (want) => setStateValue("want", want));
    const pace = new Pace((count) => setStateValue("tick", count), TICK);
    mounted = { chart, pace };
    charts.set(parentElement, mounted);
  }
  mounted.chart.receive(data);
  mounted.pace.receive(data.run !== null && !data.ended);
  return () => setTimeout(() => forget(parentElement), 0);
}

/** The clean-up is called on the way to a new call too: only an element that is gone is given up. */
function forget(parentElement: HTMLElement): void {
  if (parentElement.isConnected) return;
  const mounted = charts.get(parentElement);
  mounted?.chart.destroy();
  mounted?.pace.stop();
  charts.delete(parentElement);
}
