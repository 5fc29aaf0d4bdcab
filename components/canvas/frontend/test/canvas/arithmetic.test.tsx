import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PAUSE_MS } from "../../src/canvas/watch";
import type { CanvasData, Worked } from "../../src/canvas/model/protocol";
import { card, document as fixture, tree } from "./fixtures";
import { type Host, mount, stubBrowser } from "./mount";

const WORKED: Worked = {
  block: "a", size: [8, 8], wanted: null, options: [],
  formulas: [{
    title: "Output size", formula: "O = ⌊(I + 2p − k) / s⌋ + 1", worked: "⌊(8 + 2·1 − 3) / 1⌋ + 1 = 8",
    terms: [{ symbol: "I", value: 8, meaning: "the input's size" }, { symbol: "k", value: 3, meaning: "the kernel's size" }],
  }],
};

let host: Host;
const open = async (more: Partial<CanvasData> = {}): Promise<void> => {
  host = mount({ ...fixture("empty"), cards: tree("a b"), ...more });
  await host.settle();
};
const wait = async (): Promise<void> => {
  await new Promise((done) => setTimeout(done, PAUSE_MS + 30));
  await host.settle();
};
const select = async (index: number): Promise<void> => {
  host.all("listitem")[index]!.click();
  await host.settle();
};
const section = () => host.root.querySelector<HTMLElement>(".arithmetic");

beforeEach(stubBrowser);
afterEach(async () => {
  host.unmount();
  await host.settle();
});

describe("what is inspected", () => {
  it("is the selected layer, asked for once, after a pause", async () => {
    await open();
    await select(0);
    await select(1);
    expect(host.inspected).toEqual([]);
    await wait();
    expect(host.inspected).toEqual([{ block: "b", wanted: null }]);
    await wait();
    expect(host.inspected.length).toBe(1);
  });
  it("waits for edits that are on their way", async () => {
    await open();
    await select(0);
    host.find("button", "Bypass").click();
    await wait();
    expect(host.inspected).toEqual([]);
    host.acknowledge();
    await wait();
    expect(host.inspected).toEqual([{ block: "a", wanted: null }]);
  });
  it("is nothing where several are selected, or the section is folded", async () => {
    await open({ worked: WORKED });
    await select(0);
    host.find("button", "Arithmetic").click();
    await wait();
    expect(host.inspected).toEqual([]);
    expect(host.find("button", "Arithmetic").getAttribute("aria-expanded")).toBe("false");
  });
});

describe("the arithmetic", () => {
  it("is the formula, the numbers, and what each term means", async () => {
    await open({ worked: WORKED });
    await select(0);
    expect(section()!.querySelector(".formula > code")!.textContent).toBe("O = ⌊(I + 2p − k) / s⌋ + 1");
    expect(Array.from(section()!.querySelectorAll("var"), (symbol) => symbol.dataset["help"])).toEqual(
      ["I = 8: the input's size", "k = 3: the kernel's size"]);
    expect(section()!.querySelector(".numbers")!.textContent).toBe("⌊(8 + 2·1 − 3) / 1⌋ + 1 = 8");
    expect(host.find("button", "k = 3").getAttribute("aria-description")).toBe("the kernel's size");
  });
  it("is that of no other layer", async () => {
    await open({ worked: WORKED });
    await select(1);
    expect(section()).toBeNull();
  });
  it("asks for a size, and offers what gives it as one step", async () => {
    await open({ worked: WORKED });
    await select(0);
    await wait();
    host.type("Wanted size of axis 1", "4");
    await wait();
    expect(host.inspected.at(-1)).toEqual({ block: "a", wanted: [4, 8] });
    const options = [{ label: "stride 2", params: { stride: 2, padding: 1 } }];
    host.show({ ...fixture("empty"), revision: 2, cards: tree("a b"), worked: { ...WORKED, wanted: [4, 8], options } });
    await host.settle();
    host.find("button", "stride 2").click();
    expect(host.operations()).toMatchObject([{ op: "set_all", block: "a", values: { stride: 2, padding: 1 } }]);
  });
  it("says that no setting gives the size", async () => {
    await open({ worked: { ...WORKED, wanted: [8, 8] } });
    await select(0);
    expect(section()!.textContent).toContain("No setting gives this size.");
  });
});

describe("costs", () => {
  it("stand on the card and in the totals, as far as they are known", async () => {
    const totals = { ...fixture("empty").totals, parameters: 2432, madds: 9_961_472, weights: 9728, activations: 131_072 };
    await open({ cards: [card("a", { parameters: 2432, madds: 9_961_472, activations: 131_072 })], totals });
    expect(host.root.querySelector(".count")!.textContent).toBe("2.4 k params · 10 M madds");
    expect(host.root.querySelector(".sums")!.textContent).toContain("Multiply-adds10 M");
    expect(host.root.querySelector(".sums")!.textContent).toContain("Weights9.7 kBActivations4.2 MB");
    const select = host.find("combobox", "Batch size") as HTMLSelectElement;
    select.value = "1";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await host.settle();
    expect(host.root.querySelector(".sums")!.textContent).toContain("Activations131 kB");
  });
});
