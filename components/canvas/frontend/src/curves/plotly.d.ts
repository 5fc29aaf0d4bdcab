/** The part of plotly.js that the curves use; the bundle has no types of its own. */
declare module "plotly.js-basic-dist-min" {
  export type Data = { [attribute: string]: unknown };
  export interface Graph extends HTMLElement {
    on(event: string, listener: (change?: { [attribute: string]: unknown }) => void): void;
  }
  interface Plotly {
    react(graph: HTMLElement, traces: Data[], layout: Data, config: Data): Promise<Graph>;
    extendTraces(
      graph: HTMLElement,
      update: { x: number[][]; y: (number | null)[][] },
      indices: number[],
    ): Promise<Graph>;
    purge(graph: HTMLElement): void;
    Plots: { resize(graph: HTMLElement): void };
  }
  const plotly: Plotly;
  export default plotly;
}
