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
import { epochs, message } from "./messages";

let parentElement: HTMLElement;
let setStateValue: ReturnType<typeof vi.fn<(name: "want", value: unknown) => void>>;

const send = (data: Message): (() => void) => mount({ parentElement, data, setStateValue });
const frame = (): Promise<void> => vi.advanceTimersByTimeAsync(50).then(() => undefined);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("ResizeObserver", class { observe() {} disconnect() {} });
  for (const call of [plotly.react, plotly.extendTraces, plotly.purge]) call.mockReset();
  plotly.react.mockResolvedValue({ on: vi.fn() });
  parentElement = document.createElement("div");
  document.body.append(parentElement);
  setStateValue = vi.fn<(name: "want", value: unknown) => void>();
});

afterEach(() => {
  parentElement.remove();
  vi.useRealTimers();
});

it("draws once and then only adds new points", async () => {
  send(message(0, 3, { epochs: epochs(0, 1) }));
  await frame();
  send(message(1, 5, { epochs: epochs(0, 1) }));
  await frame();
  expect(plotly.react).toHaveBeenCalledTimes(1);
  expect(plotly.extendTraces).toHaveBeenCalledTimes(1);
  const [, update, indices] = plotly.extendTraces.mock.calls[0]!;
  expect(indices).toEqual([0, 1, 4, 5]);
  expect(update.x[0]).toEqual([0.4, 0.5]);
  expect(update.y[0]).toEqual([1 / 4, 1 / 5]);
});

it("asks once for what a hole has swallowed", async () => {
  send(message(0, 3));
  send(message(5, 6));
  send(message(6, 7));
  expect(setStateValue.mock.calls).toEqual([
    ["want", { run: "r1", from: 3, epoch: 0, track: 0, ask: Date.now() }],
  ]);
  await vi.advanceTimersByTimeAsync(2500);
  send(message(7, 8));
  expect(setStateValue.mock.calls.filter(([name]) => name === "want")).toHaveLength(2);
});

it("draws many messages in one frame", async () => {
  send(message(0, 3));
  await frame();
  for (let to = 4; to < 30; to++) send(message(0, to));
  await frame();
  expect(plotly.extendTraces).toHaveBeenCalledTimes(1);
});

it("states the latest values to people who hear the page", () => {
  send(message(0, 2));
  const picture = parentElement.querySelector("[role=img]")!;
  expect(picture.getAttribute("aria-label")).toBe(
    "Loss and accuracy after batch 2 of 100: loss 0.5, accuracy 50.0 %",
  );
});

it("switches the loss to a logarithmic scale", async () => {
  send(message(0, 2));
  await frame();
  const button = [...parentElement.querySelectorAll("button")].find((each) => each.textContent === "Log loss")!;
  button.click();
  await frame();
  expect(button.getAttribute("aria-pressed")).toBe("true");
  expect(plotly.react.mock.lastCall![2].yaxis.type).toBe("log");
});

it("hides a line in both charts", async () => {
  send(message(0, 2));
  await frame();
  parentElement.querySelector<HTMLButtonElement>(".curves-item")!.click();
  await frame();
  const visible = plotly.react.mock.lastCall![1].map((trace: { visible: boolean }) => trace.visible);
  expect(visible).toEqual([false, true, true, true, false, true, true, true]);
});

it("survives a clean-up that is followed by a new call, and goes when the element goes", async () => {
  const forget = send(message(0, 2));
  forget();
  send(message(2, 3));
  await frame();
  expect(plotly.purge).not.toHaveBeenCalled();
  parentElement.remove();
  forget();
  await frame();
  expect(plotly.purge).toHaveBeenCalledTimes(1);
});
