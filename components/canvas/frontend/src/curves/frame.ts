import type { Item } from "./family";

/** The elements around the chart: legend, switches, the place for the chart and a note on top of it. */
export interface Frame {
  root: HTMLElement;
  legend: HTMLElement;
  logarithmic: HTMLButtonElement;
  reset: HTMLButtonElement;
  plot: HTMLElement;
  note: HTMLElement;
}

export function buildFrame(): Frame {
  const root = create("div", "stackyard-curves");
  const style = create("style", "");
  style.textContent = CSS;
  const head = create("div", "curves-head");
  const legend = create("div", "curves-legend");
  legend.setAttribute("role", "group");
  legend.setAttribute("aria-label", "Lines shown");
  const reset = createButton("Reset zoom");
  reset.classList.add("curves-reset");
  reset.style.visibility = "hidden";
  const logarithmic = createButton("");
  const tools = create("div", "curves-tools");
  tools.append(logarithmic);
  head.append(legend, tools);
  const plot = create("div", "curves-plot");
  plot.setAttribute("role", "img");
  const note = create("div", "curves-note");
  root.append(style, head, plot, reset, note);
  return { root, legend, logarithmic, reset, plot, note };
}

function create(tag: string, name: string): HTMLElement {
  const element = document.createElement(tag);
  if (name) element.className = name;
  return element;
}

function createButton(label: string): HTMLButtonElement {
  const button = create("button", "curves-button") as HTMLButtonElement;
  button.type = "button";
  button.textContent = label;
  return button;
}

/** An item of the legend, pressed as long as its lines are shown. */
export function createItem(item: Item, shown: boolean): HTMLButtonElement {
  const button = createButton("");
  button.className = "curves-item";
  button.setAttribute("aria-pressed", String(shown));
  button.innerHTML = item.swatch;
  button.append(item.label);
  return button;
}

const CSS = `
.stackyard-curves { position: relative; display: flex; flex-direction: column; width: 100%; box-sizing: border-box;
  font-family: var(--st-font); color: var(--st-text-color); }
.stackyard-curves .curves-head { display: flex; justify-content: space-between; align-items: flex-start; gap: 8px; }
.stackyard-curves .curves-legend { display: flex; flex-wrap: wrap; gap: 2px 6px; margin-left: -6px; }
.stackyard-curves .curves-tools { display: flex; gap: 6px; flex: none; flex-wrap: wrap-reverse; justify-content: flex-end; }
.stackyard-curves button { font: inherit; font-size: 13px; line-height: 18px; color: inherit; cursor: pointer;
  background: none; border: 1px solid transparent; border-radius: var(--st-button-radius, 8px); padding: 3px 6px; white-space: nowrap; }
.stackyard-curves button:hover { background: var(--st-secondary-background-color); }
.stackyard-curves button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.stackyard-curves .curves-button { border-color: var(--st-border-color); padding: 3px 10px; }
.stackyard-curves .curves-button[aria-pressed="true"] { border-color: var(--st-primary-color); color: var(--st-primary-color); }
.stackyard-curves .curves-item { display: inline-flex; align-items: center; gap: 6px; }
.stackyard-curves .curves-item[aria-pressed="false"] { opacity: .45; text-decoration: line-through; }
.stackyard-curves .curves-plot { position: relative; flex: 1 1 0; min-height: 0; width: 100%; overflow: hidden; }
.stackyard-curves .curves-reset { position: absolute; right: 12px; bottom: 12px; background: var(--st-background-color); }
.stackyard-curves .curves-note { position: absolute; right: 12px; bottom: 46px; max-width: 80%; font-size: 12px; padding: 2px 8px;
  border-radius: 6px; background: var(--st-secondary-background-color); pointer-events: none; }
.stackyard-curves .curves-note:empty { display: none; }
.stackyard-curves.is-empty .curves-note { inset: 34px 0 50% 40px; max-width: none; background: none; display: flex;
  align-items: center; justify-content: center; text-align: center; font-size: 14px; opacity: .75; }
@media (max-width: 640px) {
  .stackyard-curves .curves-head { flex-direction: column; gap: 4px; }
  .stackyard-curves .curves-legend { display: grid; grid-template-columns: 1fr 1fr; width: 100%; margin: 0; }
  .stackyard-curves .curves-item { font-size: 12px; gap: 4px; padding: 3px 2px; min-height: 28px; }
  .stackyard-curves .curves-tools { align-self: flex-end; }
}
`;
