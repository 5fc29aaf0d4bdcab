import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AskedToSee, CanvasData, Seen, Strip } from "../../src/canvas/model/protocol";
import { PAUSE_MS } from "../../src/canvas/watch";
import { card, document as fixture, tree } from "./fixtures";
import { type Host, mount, stubBrowser } from "./mount";

const MAPS: Strip = {
  form: "maps", source: "data:image/png;base64,AAAA", tiles: 8, of: 32, ratio: 1, low: "−1", high: "2",
  facts: "mean 0.5", alt: "8 of 32 feature maps of Conv2d conv1, 28×28",
};
const ROW: Strip = { ...MAPS, form: "row", tiles: 1, of: 1, ratio: 10, alt: "10 numbers of Linear" };

function seen(asked: AskedToSee, more: Partial<Seen> = {}): Seen {
  return {
    asked, data: "Digits", sample: asked.sample, count: 3, label: "7", seed: 0, trained: false, run: null,
    guess: { text: "1", right: false }, trouble: null, strips: { a: MAPS, b: ROW }, ...more,
  };
}

let host: Host;
const open = async (more: Partial<CanvasData> = {}): Promise<void> => {
  host = mount({ ...fixture("empty"), cards: tree("a b"), ...more });
  await host.settle();
};
const wait = async (): Promise<void> => {
  await new Promise((done) => setTimeout(done, PAUSE_MS + 30));
  await host.settle();
};
const click = async (name: string): Promise<void> => {
  host.find("button", name).click();
  await host.settle();
};
/** Switch on, and answer what is asked. */
const look = async (more: Partial<Seen> = {}): Promise<void> => {
  await click("See a sample");
  await wait();
  await answer(more);
};
const answer = async (more: Partial<Seen> = {}): Promise<void> => {
  host.acknowledge({ revision: host.seeing.at(-1)!.revision, seen: seen(host.seeing.at(-1)!, more) });
  await host.settle();
};
const strips = () => Array.from(host.root.querySelectorAll<HTMLElement>("button.strip"), (strip) => strip.ariaLabel ?? strip.getAttribute("aria-label"));
const bar = () => host.root.querySelector<HTMLElement>(".sample");
const isOld = () => host.root.querySelector(".stackyard")!.hasAttribute("data-old");

beforeEach(stubBrowser);
afterEach(async () => {
  host.unmount();
  await host.settle();
});

describe("a sample", () => {
  it("is asked for when it is switched on, and no longer when it is off", async () => {
    await open();
    expect([bar(), host.seeing]).toEqual([null, []]);
    await click("See a sample");
    expect(host.find("button", "See a sample").getAttribute("aria-pressed")).toBe("true");
    expect(host.seeing).toEqual([]);
    await wait();
    expect(host.seeing).toEqual([{ revision: fixture("empty").revision, sample: 0, weights: "trained" }]);
    host.press(host.root.querySelector(".area")!, "v");
    await host.settle();
    expect(host.seeing.at(-1)).toBeNull();
    expect([bar(), strips()]).toEqual([null, []]);
  });
  it("stands on every card, with what the network takes it for", async () => {
    await open();
    await look();
    expect(strips()).toEqual([`${MAPS.alt}; enlarge`, `${ROW.alt}; enlarge`]);
    expect(host.root.querySelector(".strip .many")!.textContent).toBe("+ 24 more");
    expect(host.root.querySelector(".strip .range")!.textContent).toBe("−12");
    expect(host.root.querySelectorAll(".strip .map").length).toBe(9);
    expect(bar()!.textContent).toBe("Digits sample 0Label 7Guess 1Initial weights, seed 0");
    expect(host.root.querySelector(".guess [role=img]")!.getAttribute("aria-label")).toBe("wrong");
    expect(isOld()).toBe(false);
  });
  it("is stepped through, round at both ends", async () => {
    await open();
    await look();
    await click("Previous sample");
    expect(isOld()).toBe(true);
    await wait();
    expect(host.seeing.at(-1)!.sample).toBe(2);
    await answer();
    await click("Next sample");
    await wait();
    expect(host.seeing.at(-1)!.sample).toBe(0);
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    await click("Random sample");
    await wait();
    expect(host.seeing.at(-1)!.sample).toBe(1);
    vi.restoreAllMocks();
  });
  it("is asked for anew after an edit, and the old strips stay until then", async () => {
    await open();
    await look();
    const before = host.seeing.length;
    host.all("listitem")[0]!.click();
    await host.settle();
    await click("Bypass");
    await wait();
    expect([host.seeing.length, isOld()]).toEqual([before, true]);
    host.acknowledge({ seen: null });
    await host.settle();
    expect([strips().length, isOld()]).toEqual([2, true]);
    await wait();
    expect(host.seeing.length).toBe(before + 1);
    expect(host.seeing.at(-1)!.revision).toBe(host.seeing.at(-2)!.revision + 1);
  });
  it("is not on cards that are off, wait or have a fault, and room is kept where it is on its way", async () => {
    const cards = [card("a"), card("c"), card("b", { bypassed: true, state: "bypassed" }), card("d", { state: "fault" }), card("e", { state: "waiting" })];
    await open({ cards });
    await look();
    const found = host.all("listitem").map((item) => Array.from(item.querySelectorAll(".strip"), (strip) => strip.tagName));
    expect(found).toEqual([["BUTTON"], ["DIV"], [], [], []]);
  });
  it("is still there after another page of the app", async () => {
    await open();
    await look();
    const { data } = host;
    host.unmount();
    await host.settle();
    host = mount(data, data.epoch);
    await host.settle();
    expect(host.find("button", "See a sample").getAttribute("aria-pressed")).toBe("true");
    await wait();
    expect(host.seeing.map((asked) => asked.sample)).toEqual([0]);
  });
  it("says why there is nothing to see", async () => {
    await open();
    await look({ trouble: "Too large.", strips: {}, guess: null, data: null, label: null });
    expect(host.root.querySelectorAll(".strip").length).toBe(0);
    expect(bar()!.querySelector(".trouble")!.textContent).toBe("Too large.");
    expect(bar()!.textContent).toContain("Random numbers sample 0");
  });
  it("can be seen with the weights of a run or without", async () => {
    await open();
    await look({ run: "Run of today", trained: true });
    const select = host.find("combobox", "Weights") as HTMLSelectElement;
    expect(select.value).toBe("trained");
    select.value = "initial";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await wait();
    expect(host.seeing.at(-1)!.weights).toBe("initial");
  });
  it("can be enlarged", async () => {
    await open();
    await look();
    await click(`${MAPS.alt}; enlarge`);
    const dialog = host.root.querySelector("dialog")!;
    expect(dialog.querySelector("h2")!.textContent).toBe(MAPS.alt);
    expect(dialog.querySelector("a")!.getAttribute("href")).toMatch(/^inspect\?network=h\d+$/);
    expect(host.all("listitem").filter((item) => item.getAttribute("aria-current"))).toEqual([]);
    await click("Close picture");
    expect(host.root.querySelector("dialog")).toBeNull();
  });
});
