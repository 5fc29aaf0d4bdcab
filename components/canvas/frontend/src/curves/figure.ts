import type { Data } from "plotly.js-basic-dist-min";
import type { View } from "./family";
import { LABELS, isPerBatch, type Coordinates, type Line } from "./lines";
import type { Metric, Value } from "./protocol";
import type { Record } from "./record";
import { fade, type Theme } from "./theme";

export const CONFIG: Data = {
  displayModeBar: false,
  doubleClick: false,
  responsive: false,
  showTips: false,
};

/** One plotly trace; training is solid with discs, validation dashed with open diamonds. */
export function drawTrace(
  line: Line,
  points: Coordinates,
  metric: Metric,
  theme: Theme,
  view: View,
): Data {
  const colour = line.role === "validation" ? theme.validation : theme.train;
  return {
    type: "scatter",
    ...points,
    name: LABELS[line.role],
    yaxis: line.measure === "loss" ? "y" : "y2",
    visible: !view.hidden.has(line.role),
    connectgaps: false,
    hovertemplate:
      line.measure === "loss"
        ? "loss %{y:.4g}"
        : `${metric.title} %{y:${metric.share ? ".1%" : ".4g"}}`,
    ...(isPerBatch(line) ? batchStyle(line, colour) : epochStyle(line, colour, theme)),
  };
}

function batchStyle(line: Line, colour: string): Data {
  if (line.role === "smooth") return { mode: "lines", line: { color: colour, width: 2 } };
  return { mode: "lines", line: { color: fade(colour, 0.45), width: 1 } };
}

/** More marks than these lie on top of one another, and each is an element that the browser moves. */
const MARKER = { size: 9, maxdisplayed: 100 };

function epochStyle(line: Line, colour: string, theme: Theme): Data {
  if (line.role === "train") {
    const edge = { color: theme.background, width: 1.5 };
    return { mode: "markers", marker: { ...MARKER, color: colour, symbol: "circle", line: edge } };
  }
  return {
    mode: "lines+markers",
    line: { color: colour, width: 1.5, dash: "dash" },
    marker: { ...MARKER, color: colour, symbol: "diamond-open", line: { width: 2 } },
  };
}

export function drawLayout(record: Record, theme: Theme, view: View): Data {
  const run = `${record.run}/${view.zooms}`;
  return {
    ...drawFrame(theme, view, run),
    xaxis: { ...drawAxis(theme), ...drawEpochAxis(record, theme), anchor: "y2", uirevision: run },
    yaxis: { ...drawAxis(theme), ...drawLossAxis(record, view), uirevision: `${run}/${view.logarithmic}` },
    yaxis2: { ...drawAxis(theme), ...drawMetricAxis(record), uirevision: run },
    annotations: [drawTitle("Loss", 1, theme), drawTitle(capitalise(record.metric.title), 0.45, theme)],
  };
}

/** What all figures have in common. */
export function drawFrame(theme: Theme, view: View, run: string): Data {
  return {
    autosize: true,
    margin: { l: 52, r: 12, t: 22, b: 40 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, size: 12, color: theme.text },
    showlegend: false,
    uirevision: run,
    dragmode: view.touch ? false : "zoom",
    hovermode: "x unified",
    hoversubplots: "axis",
    hoverdistance: 12,
    hoverlabel: { bgcolor: theme.background, bordercolor: theme.grid, font: { color: theme.text } },
  };
}

export function drawAxis(theme: Theme): Data {
  return {
    gridcolor: theme.grid,
    linecolor: theme.grid,
    tickcolor: theme.grid,
    tickfont: { color: theme.faint },
    zeroline: false,
    showline: true,
    automargin: false,
  };
}

/** As wide as the whole run from the start, so that nothing is rescaled while the curves grow. */
export function drawEpochAxis(record: Record, theme: Theme): Data {
  const reached = Math.max(record.at(record.batchCount - 1), record.epochCount);
  const end = record.ended && reached > 0 ? reached : Math.max(record.total.epochs, 1);
  return {
    range: [0, end * 1.02],
    minallowed: 0,
    title: { text: "Epoch", font: { color: theme.faint }, standoff: 6 },
    unifiedhovertitle: { text: "Epoch %{x:.2f}" },
    showspikes: true,
    spikemode: "across",
    spikethickness: 1,
    spikedash: "dot",
    spikecolor: fade(theme.text, 0.4),
    spikesnap: "cursor",
  };
}

function drawLossAxis(record: Record, view: View): Data {
  const domain = [0.55, 1];
  if (record.batchCount === 0) return { domain, range: [0, 2.5], nticks: 6 };
  if (view.logarithmic) {
    return { domain, type: "log", autorange: true, tickvals: chooseTicks(record.batches.loss), tickformat: "~g" };
  }
  return { domain, type: "linear", autorange: true, rangemode: "tozero", nticks: 6 };
}

/** 1, 2 and 5 in every decade, or whole decades where the values span many. */
export function chooseTicks(values: readonly Value[]): number[] {
  let [low, high] = [Infinity, 0];
  for (const value of values) {
    if (value === null || value <= 0) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const steps = high / low > 500 ? [1] : [1, 2, 5];
  const decades = Array.from({ length: 41 }, (_, at) => at - 20);
  return decades.flatMap((decade) => steps.map((step) => Number(`${step}e${decade}`)));
}

function drawMetricAxis(record: Record): Data {
  const domain = [0, 0.45];
  if (record.metric.share) return { domain, range: [0, 1.03], tickformat: ".0%", nticks: 6 };
  if (record.batchCount === 0) return { domain, range: [0, 2.5], nticks: 6 };
  return { domain, autorange: true, rangemode: "tozero", nticks: 6 };
}

function capitalise(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function drawTitle(text: string, y: number, theme: Theme): Data {
  const place = { xref: "paper", yref: "paper", x: 0, y, xanchor: "left", yanchor: "bottom" };
  return { ...place, text: `<b>${text}</b>`, showarrow: false, font: { color: theme.text, size: 13 } };
}
