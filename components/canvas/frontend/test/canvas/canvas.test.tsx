import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CanvasData } from "../../src/canvas/model/protocol";
import { catalogue, document as fixture, tree } from "./fixtures";
import { type Host, mount, stubBrowser } from "./mount";

let host: Host;
const open = async (data: CanvasData): Promise<void> => {
  host = mount(data);
  await host.settle();
};
const names = (role: string) => host.all(role).map((element) => element.getAttribute("aria-label"));
const said = () => host.root.querySelector("[role=status]")!.textContent;
const item = (name: string | RegExp) => host.find("listitem", name);
const click = async (element: HTMLElement): Promise<void> => {
  element.click();
  await host.settle();
};
const shortOf = () => host.operations().map(({ seq: _, ...operation }) => operation);

beforeEach(stubBrowser);
afterEach(async () => {
  host.unmount();
  await host.settle();
});

describe("accessible names", () => {
  it("are the kinds in the palette", async () => {
    await open(fixture("empty"));
    for (const kind of Object.keys(catalogue.kinds)) expect(host.find("button", kind)).toBeTruthy();
    expect(host.all("searchbox").map((box) => box.getAttribute("aria-label"))).toEqual(["Search layers"]);
  });
  it("of the tools", async () => {
    await open(fixture("lenet5"));
    for (const name of ["Undo", "Redo", "Duplicate", "Delete", "Rename", "Bypass", "Clear", "Templates"]) {
      expect(host.find("button", name)).toBeTruthy();
    }
    expect(host.root.querySelector("[role=status]")!.getAttribute("aria-live")).toBe("polite");
  });
  it("of cards hold kind, name and shape", async () => {
    await open(fixture("lenet5"));
    expect(names("list")).toEqual(["Network"]);
    expect(names("listitem").slice(0, 4)).toEqual(
      ["Conv2d conv1 N×6×28×28", "Tanh N×6×28×28", "AvgPool2d N×6×14×14", "Conv2d conv2 N×16×10×10"]);
  });
  it("of lanes and what lies in them", async () => {
    await open(fixture("nested"));
    expect(names("list")).toEqual(
      ["Network", "Branches mixed lane 1", "Branches mixed lane 2", "Residual body", "Repeat lane 1"]);
    expect(names("listitem")).toEqual([
      "Conv2d N×8×8×8", "Branches mixed N×24×8×8", "Conv2d N×16×8×8", "Conv2d N×8×8×8", "Residual N×8×8×8",
      "ReLU N×8×8×8", "Dropout N×24×8×8 switched off", "Repeat N×24×8×8", "Flatten N×1536", "Linear N×10",
    ]);
  });
  it("of faults and what waits for them", async () => {
    await open(fixture("faulty"));
    expect(names("listitem").slice(1, 3)).toEqual([
      "Conv2d fault: in_channels is pinned to 3, but 6 channels come in (N×6×28×28)", "ReLU waits for Conv2d"]);
  });
});

describe("what a person sees", () => {
  it("is shapes, counts and totals", async () => {
    await open(fixture("lenet5"));
    const shapes = Array.from(host.root.querySelectorAll(".connector .shape"), (chip) => chip.textContent);
    expect(shapes.slice(0, 3)).toEqual(["N×1×32×32", "N×6×28×28", "N×6×28×28"]);
    expect(item(/^Linear.*N×120/).querySelector(".count")!.textContent).toBe("48 k params · 48 k madds");
    expect(host.root.querySelector(".totals")!.textContent).toBe("Layers12Parameters61,706Multiply-adds417 kOutputN×10");
  });
  it("is templates while there is nothing", async () => {
    await open(fixture("empty"));
    await click(host.root.querySelector<HTMLElement>(".empty .template")!);
    expect(shortOf()).toEqual([{ op: "template", template: catalogue.templates[0]!.id }]);
  });
  it("is the repair on the card and for the target", async () => {
    await open(fixture("faulty"));
    await click(host.find("button", "Unpin in_channels"));
    await click(host.find("button", "Set out_features to 10"));
    expect(shortOf()).toEqual([
      { op: "repair", block: "b2", code: "pinned" }, { op: "repair", block: null, code: "target" }]);
  });
  it("is what the data set wants, above the stack too, which leads to it", async () => {
    const data = fixture("lenet5");
    const target = (code: string) => ({ code, message: "Digits has 10 classes.", repair: "Set out_features to 10" });
    await open({ ...data, totals: { ...data.totals, target: target("output") } });
    await click(host.find("button", /Doesn’t fit the data/));
    expect((host.root.activeElement as HTMLElement).textContent).toContain("Set out_features to 10");
    host.show({ ...data, revision: 2, totals: { ...data.totals, target: target("probabilities") } });
    await host.settle();
    expect(host.root.querySelector(".remark")!.textContent).toContain("Advice");
  });
  it("is the same drawn cards where an answer changes nothing", async () => {
    await open(fixture("lenet5"));
    const before = host.all("listitem");
    host.show({ ...fixture("lenet5"), revision: 2 });
    await host.settle();
    expect(host.all("listitem")).toEqual(before);
  });
});

describe("adding, moving and deleting", () => {
  it("adds at the end, then after what is selected", async () => {
    await open(fixture("lenet5"));
    await click(host.find("button", "Dropout"));
    expect(shortOf()).toMatchObject([{ op: "insert", kind: "Dropout", into: null, lane: 0, before: null }]);
    expect(item("Dropout").getAttribute("aria-current")).toBe("true");
    await click(item(/^Conv2d conv1/));
    await click(host.find("button", "ReLU"));
    expect(shortOf()[1]).toMatchObject({ op: "insert", kind: "ReLU", before: "b2" });
    expect(names("listitem").slice(0, 2)).toEqual(["Conv2d conv1 N×6×28×28", "ReLU"]);
  });
  it("sends what waits again with each new operation, until it is acknowledged", async () => {
    await open(fixture("empty"));
    await click(host.find("button", "ReLU"));
    await click(host.find("button", "Tanh"));
    expect(host.sent.map((outbox) => outbox.operations.length)).toEqual([1, 2]);
    host.acknowledge();
    await click(host.find("button", "GELU"));
    expect(host.operations().length).toBe(1);
  });
  it("deletes and selects the neighbour", async () => {
    await open({ ...fixture("empty"), cards: tree("a b c") });
    await click(host.all("listitem")[1]!);
    await click(host.find("button", "Delete"));
    expect(shortOf()).toEqual([{ op: "remove", block: "b" }]);
    expect(host.all("listitem").map((entry) => entry.dataset["id"])).toEqual(["a", "c"]);
    expect(host.all("listitem")[1]!.getAttribute("aria-current")).toBe("true");
  });
  it("clears, and says that it can be undone", async () => {
    await open(fixture("lenet5"));
    await click(host.find("button", "Clear"));
    expect(shortOf()).toEqual([{ op: "clear" }]);
    expect(said()).toBe("All layers cleared. Undo brings them back");
    expect(host.all("listitem")).toEqual([]);
  });
  it("adds the first match of the search", async () => {
    await open(fixture("empty"));
    const box = host.all("searchbox")[0] as HTMLInputElement;
    box.value = "conv2";
    box.dispatchEvent(new Event("input", { bubbles: true }));
    await host.settle();
    expect(host.all("button").filter((button) => button.dataset["dragKind"]).length).toBe(1);
    host.press(box, "Enter");
    await host.settle();
    expect(shortOf()).toMatchObject([{ op: "insert", kind: "Conv2d" }]);
  });
  it("selects the copy once it is there", async () => {
    await open({ ...fixture("empty"), cards: tree("a b") });
    await click(host.all("listitem")[0]!);
    await click(host.find("button", "Duplicate"));
    expect(shortOf()).toEqual([{ op: "duplicate", block: "a" }]);
    host.acknowledge({ cards: tree("a a2 b") });
    await host.settle();
    expect(host.all("listitem")[1]!.getAttribute("aria-current")).toBe("true");
  });
});

describe("keys", () => {
  it("lift, walk and drop a card", async () => {
    await open({ ...fixture("empty"), cards: tree("a b c[d|]") });
    const first = host.all("listitem")[0]!;
    first.focus();
    host.press(first, " ");
    await host.settle();
    expect(said()).toContain("ReLU lifted. Before ReLU, position 1 of 3 in Network");
    for (const _ of [1, 2, 3]) host.press(first, "ArrowDown");
    await host.settle();
    expect(said()).toBe("At the end, position 2 of 2 in Branches lane 1");
    host.press(first, "ArrowDown");
    host.press(first, " ");
    await host.settle();
    expect(shortOf()).toEqual([{ op: "move", block: "a", into: "c", lane: 1, before: null }]);
    expect(said()).toBe("ReLU moved. Alone, position 1 of 1 in Branches lane 2");
  });
  it("put a lifted card back", async () => {
    await open({ ...fixture("empty"), cards: tree("a b") });
    const first = host.all("listitem")[0]!;
    host.press(first, " ");
    host.press(first, "ArrowDown");
    host.press(first, "Escape");
    await host.settle();
    expect(host.sent).toEqual([]);
    expect(said()).toBe("ReLU put back");
  });
  it("edit the focused card", async () => {
    await open({ ...fixture("empty"), cards: tree("a b c") });
    const [first, second] = host.all("listitem");
    second!.focus();
    host.press(second!, "ArrowUp", { altKey: true });
    host.press(second!, "d", { ctrlKey: true });
    host.press(second!, "Delete");
    await host.settle();
    expect(shortOf()).toEqual([
      { op: "move", block: "b", into: null, lane: 0, before: "a" }, { op: "duplicate", block: "b" }, { op: "remove", block: "b" }]);
    expect(host.root.activeElement).toBe(first);
  });
  it("move the focus between cards", async () => {
    await open({ ...fixture("empty"), cards: tree("a b[c] d") });
    const cards = host.all("listitem");
    cards[0]!.focus();
    for (const card of cards.slice(0, 3)) host.press(card, "ArrowDown");
    expect(host.root.activeElement).toBe(cards[3]);
  });
  it("undo and redo anywhere but in a field", async () => {
    await open({ ...fixture("lenet5"), canRedo: true });
    host.press(document.body, "z", { ctrlKey: true });
    host.press(document.body, "Z", { ctrlKey: true, shiftKey: true });
    host.press(host.all("searchbox")[0]!, "z", { ctrlKey: true });
    await host.settle();
    expect(shortOf()).toEqual([{ op: "undo" }, { op: "redo" }]);
  });
  it("leave the selected card alone while they mean a field", async () => {
    await open(fixture("lenet5"));
    await click(host.all("listitem")[0]!);
    host.press(host.find("combobox", "Input data"), "Delete");
    host.press(host.find("button", "Pin in_channels"), "Backspace");
    await host.settle();
    expect(host.sent).toEqual([]);
  });
  it("are kept from the page", async () => {
    await open(fixture("empty"));
    const heard: string[] = [];
    const listen = (event: KeyboardEvent): void => void heard.push(event.key);
    document.addEventListener("keydown", listen);
    host.press(host.all("searchbox")[0]!, "r");
    document.removeEventListener("keydown", listen);
    expect(heard).toEqual([]);
  });
});

describe("the input", () => {
  it("is a data set or a typed shape", async () => {
    await open(fixture("lenet5"));
    const select = host.find("combobox", "Input data") as HTMLSelectElement;
    select.value = "moons";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    host.type("Input shape", "3x32x32");
    await host.settle();
    expect(shortOf()).toEqual([
      { op: "input", shape: [2], dtype: "float32", data: "moons" },
      { op: "input", shape: [3, 32, 32], dtype: "float32", data: "digits" },
    ]);
  });
  it("says what is wrong with a shape", async () => {
    await open(fixture("lenet5"));
    host.type("Input shape", "3×0");
    await host.settle();
    expect(host.all("alert").map((alert) => alert.textContent)).toEqual(["“0”: at least 1"]);
    expect(host.sent).toEqual([]);
  });
});

describe("a notice", () => {
  it("is told once, and can be closed", async () => {
    const told = { ...fixture("faulty"), notice: { id: 77, kind: "info", text: "LeNet-5 opened" } } as const;
    await open(told);
    expect(host.root.querySelector(".notice")!.textContent).toBe("LeNet-5 opened");
    expect(said()).toBe("LeNet-5 opened");
    await click(host.find("button", "Close notice"));
    host.show({ ...told, revision: 10 });
    await host.settle();
    expect(host.root.querySelector(".notice")).toBeNull();
  });
});

describe("mounting", () => {
  it("asks for the catalogue it has not seen", async () => {
    const { catalogue: _, ...data } = fixture("empty");
    await open({ ...data, catalogueHash: "unknown" });
    expect(host.sent.at(-1)).toMatchObject({ has: null, operations: [] });
  });
  it("remembers the catalogue of an earlier mount", async () => {
    await open(fixture("empty"));
    host.unmount();
    const { catalogue: _, ...data } = fixture("empty");
    await open(data);
    expect(host.find("button", "Conv2d")).toBeTruthy();
    expect(host.sent).toEqual([]);
  });
  it("survives the clean-up of a call that newer data overtook", async () => {
    await open(fixture("lenet5"));
    const before = host.all("listitem")[0];
    host.show(fixture("lenet5"));
    await host.settle();
    expect(host.all("listitem")[0]).toBe(before);
  });
  it("keeps folding over new data", async () => {
    await open(fixture("nested"));
    await click(host.find("button", "Fold Branches mixed"));
    host.show({ ...fixture("nested"), revision: 8 });
    await host.settle();
    expect(host.find("button", "Unfold Branches mixed")).toBeTruthy();
    expect(names("list")).toEqual(["Network", "Repeat lane 1"]);
  });
});
