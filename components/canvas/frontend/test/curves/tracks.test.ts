import { afterEach, beforeEach, expect, it, vi } from "vitest";

const plotly = vi.hoisted(() => ({
  react: vi.fn(),
  extendTraces: vi.fn(),
  purge: vi.fn(),
  Plots: { resize: vi.fn() },
}));
vi.mock("plotly.js-basic-dist-min", () => ({ default: plotly }));

import mount from "../../src/curves/main";
import type { Message } from "../../src/curves/protocol";
import { message, track } from "./messages";

let parentElement: HTMLElement;
let setStateValue: ReturnType<typeof vi.fn<(name: "want", value: unknown) => void>>;

const frame = (): Promise<void> => vi.advanceTimersByTimeAsync(50).then(() => undefined);
const send = (changes: Partial<Message>): void =>
  void mount({ parentElement, data: message(0, 3, changes), setStateValue });
const legend = (): (string | null)[] =>
  [...parentElement.querySelectorAll(".curves-item")].map((each) => each.textContent);
const button = (label: string): HTMLButtonElement =>
  [...parentElement.querySelectorAll("button")].find((each) => each.textContent === label)!;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("ResizeObserver", class { observe() {} disconnect() {} });
  for (const call of [plotly.react, plotly.extendTraces]) call.mockReset();
  plotly.react.mockResolvedValue({ on: vi.fn() });
  parentElement = document.createElement("div");
  document.body.append(parentElement);
  setStateValue = vi.fn<(name: "want", value: unknown) => void>();
});

afterEach(() => {
  parentElement.remove();
  vi.useRealTimers();
});

it("draws a track once and then only adds new points to its lines", async () => {
  send({ track: track(0, 4) });
  await frame();
  const [, traces, layout] = plotly.react.mock.lastCall!;
  expect(traces.map((each: { y: number[] }) => each.y)).toEqual([[1, 2, 3, 4], [10, 20, 30, 40], [0.5, 0.5]]);
  expect(traces[0].x).toEqual([0.5, 1, 1.5, 2]);
  expect(layout.yaxis.type).toBe("log");
  const redrawn = plotly.react.mock.calls.length;
  send({ track: track(2, 6) });
  await frame();
  expect(plotly.react).toHaveBeenCalledTimes(redrawn);
  expect(plotly.extendTraces.mock.lastCall!.slice(1)).toEqual([
    { x: [[2.5, 3], [2.5, 3]], y: [[5, 6], [50, 60]] },
    [0, 1],
  ]);
});

it("takes its own legend, scale and words, and gives the place back to the loss", async () => {
  send({ track: track(0, 4) });
  await frame();
  expect(legend()).toEqual(["Linear 0", "Linear <out>"]);
  expect(button("Log scale").getAttribute("aria-pressed")).toBe("true");
  expect(parentElement.querySelector("[role=img]")!.getAttribute("aria-label")).toBe(
    "Gradient norm after batch 20 of 100: Linear 0 4, Linear <out> 40",
  );
  expect(plotly.react.mock.lastCall![1][1].hovertemplate).toBe("Linear &lt;out&gt; %{y:.4g}");
  send({ track: null });
  await frame();
  expect(legend()).toHaveLength(4);
  expect(button("Log loss").getAttribute("aria-pressed")).toBe("false");
  expect(plotly.react.mock.lastCall![1]).toHaveLength(8);
});

it("begins anew with other lines", async () => {
  send({ track: track(0, 4) });
  await frame();
  send({ track: track(0, 2, { key: "gradient_norms/1", lines: ["Linear 1"] }) });
  await frame();
  expect(plotly.react.mock.lastCall![1][0].y).toEqual([1, 2]);
  expect(legend()).toEqual([]);
});

it("asks for the points of a track that a hole has swallowed", () => {
  send({ track: track(0, 2) });
  send({ track: track(5, 7) });
  expect(setStateValue.mock.calls).toEqual([
    ["want", { run: "r1", from: 3, epoch: 0, track: 2, ask: Date.now() }],
  ]);
});

it("hides one line", async () => {
  send({ track: track(0, 4) });
  await frame();
  parentElement.querySelector<HTMLButtonElement>(".curves-item")!.click();
  await frame();
  expect(plotly.react.mock.lastCall![1].map((each: { visible?: boolean }) => each.visible)).toEqual([
    false, true, undefined,
  ]);
});

it("keeps the extremes of a long run and few points", async () => {
  const long = track(0, 20_000);
  long.values[0]![7_777] = 1e6;
  long.values[1]![12_345] = null;
  send({ track: long });
  await frame();
  const [first, second] = plotly.react.mock.lastCall![1];
  expect(first.y.length).toBeLessThan(3000);
  expect(first.y).toContain(1e6);
  expect(second.y).toContain(null);
});

it("has no logarithmic scale where numbers may be negative", () => {
  send({ track: track(0, 4, { positive: false, logarithmic: false }) });
  expect(button("Log scale").style.visibility).toBe("hidden");
});
