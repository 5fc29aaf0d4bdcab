import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CanvasData } from "../../src/canvas/model/protocol";
import { document as fixture, tree } from "./fixtures";
import { type Host, mount, stubBrowser } from "./mount";

let host: Host;
const open = async (text: string, more: Partial<CanvasData> = {}): Promise<void> => {
  host = mount({ ...fixture("empty"), cards: tree(text), ...more });
  await host.settle();
};
const entry = (id: string) => host.root.querySelector<HTMLElement>(`[data-id="${id}"]`)!;
const click = async (id: string, more: MouseEventInit = {}): Promise<void> => {
  entry(id).dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, cancelable: true, ...more }));
  await host.settle();
};
const press = async (key: string, more: KeyboardEventInit = {}): Promise<void> => {
  host.press(host.root.activeElement ?? host.root.querySelector(".area")!, key, more);
  await host.settle();
};
const tool = async (name: string): Promise<void> => {
  host.find("button", name).click();
  await host.settle();
};
const wrapIn = async (kind: string): Promise<void> => {
  await tool("Wrap in…");
  host.root.querySelector<HTMLElement>(`.menu-list [aria-label="Wrap in ${kind}"]`)!.click();
  await host.settle();
};
const current = () => host.all("listitem").filter((each) => each.getAttribute("aria-current") === "true").map((each) => each.dataset["id"]);
const shortOf = () => host.operations().map(({ seq: _, ...operation }) => operation);
const said = () => host.root.querySelector("[role=status]")!.textContent;
const shown = () => host.all("listitem").map((each) => each.dataset["id"]).join(" ");

/** What the browser does at Ctrl+C, X or V. */
const clipboard = async (type: "copy" | "cut" | "paste", text = ""): Promise<string> => {
  let held = text;
  const event = new Event(type, { bubbles: true, composed: true, cancelable: true });
  Object.assign(event, { clipboardData: { getData: () => held, setData: (_: string, value: string) => (held = value) } });
  (host.root.activeElement ?? document.body).dispatchEvent(event);
  await host.settle();
  return event.defaultPrevented ? held : "not taken";
};

beforeEach(stubBrowser);
afterEach(async () => {
  host.unmount();
  await host.settle();
});

describe("selecting several", () => {
  it("adds and takes out with Ctrl", async () => {
    await open("a b[c|d] e");
    await click("a");
    await click("d", { ctrlKey: true });
    await click("e", { metaKey: true });
    expect(current()).toEqual(["a", "d", "e"]);
    expect(said()).toBe("3 layers selected");
    expect(host.root.querySelector(".form h2")!.textContent).toBe("3 layers selected");
    await click("d", { ctrlKey: true });
    expect(current()).toEqual(["a", "e"]);
    await click("a");
    expect(current()).toEqual(["a"]);
  });
  it("takes a range of a lane with Shift", async () => {
    await open("a b c d[e f]");
    await click("b");
    await click("d", { shiftKey: true });
    expect(current()).toEqual(["b", "c", "d"]);
    await click("a", { shiftKey: true });
    expect(current()).toEqual(["a", "b"]);
    await click("f", { shiftKey: true });
    expect(current()).toEqual(["f"]);
  });
  it("goes on with Shift and the arrow keys, and back with Escape", async () => {
    await open("a b c");
    entry("a").focus();
    await press("ArrowDown", { shiftKey: true });
    await press("ArrowDown", { shiftKey: true });
    expect(current()).toEqual(["a", "b", "c"]);
    await press("ArrowUp", { shiftKey: true });
    expect(current()).toEqual(["a", "b"]);
    expect(host.root.activeElement).toBe(entry("b"));
    await press("Escape");
    expect(current()).toEqual(["b"]);
    await press("a", { ctrlKey: true });
    expect(current()).toEqual(["a", "b", "c"]);
    await press("ArrowUp");
    expect(current()).toEqual(["a"]);
  });
});

describe("one step for all of them", () => {
  const choose = async (text: string, ...ids: string[]): Promise<void> => {
    await open(text);
    for (const id of ids) await click(id, { ctrlKey: true });
  };
  it("deletes", async () => {
    await choose("a b c d", "b", "d");
    await tool("Delete");
    expect(shortOf()).toEqual([{ op: "batch", operations: [{ op: "remove", block: "b" }, { op: "remove", block: "d" }] }]);
    expect(shown()).toBe("a c");
    expect(current()).toEqual(["c"]);
    expect(said()).toBe("2 layers deleted. Undo brings them back");
  });
  it("switches off, then on", async () => {
    await choose("a b c", "a", "c");
    await tool("Bypass");
    await tool("Bypass");
    const all = (bypassed: boolean) => ({ op: "batch", operations: ["a", "c"].map((block) => ({ op: "bypass", block, bypassed })) });
    expect(shortOf()).toEqual([all(true), all(false)]);
  });
  it("duplicates them after the last", async () => {
    await choose("a b c d", "a", "c");
    await tool("Duplicate");
    expect(shortOf()).toMatchObject([{ op: "paste", content: [{ id: "a" }, { id: "c" }], before: "d" }]);
    expect(host.all("listitem").length).toBe(6);
    expect(current().length).toBe(2);
  });
  it("wraps what follows one another", async () => {
    await choose("a b c", "a", "b");
    await wrapIn("Branches");
    expect(shortOf()).toMatchObject([{ op: "wrap", block: "a", more: ["b"], kind: "Branches" }]);
    const id = current()[0]!;
    expect(shown()).toBe(`${id} a b c`);
  });
  it("wraps a single one too", async () => {
    await choose("a b", "b");
    await wrapIn("Residual");
    expect(shortOf()).toMatchObject([{ op: "wrap", block: "b", kind: "Residual" }]);
  });
  it("says why others can't be wrapped", async () => {
    await choose("a b c", "a", "c");
    await wrapIn("Group");
    expect(host.sent).toEqual([]);
    expect(host.root.querySelector(".notice")!.textContent).toBe(
      "Only layers that follow one another in one lane can be wrapped together.");
  });
  it("lifts and drops them together", async () => {
    await choose("a b c d", "a", "b");
    host.press(entry("b"), " ");
    await host.settle();
    expect(said()).toContain("2 layers lifted. Before ReLU, position 1 of 3 in Network");
    host.press(entry("b"), "ArrowDown");
    host.press(entry("b"), " ");
    await host.settle();
    const place = { into: null, lane: 0, before: "d" };
    expect(shortOf()).toEqual([{ op: "batch", operations: [{ op: "move", block: "a", ...place }, { op: "move", block: "b", ...place }] }]);
    expect(shown()).toBe("c a b d");
    expect(current()).toEqual(["a", "b"]);
  });
});

describe("the clipboard", () => {
  it("holds a saved network's blocks, which come back under new ids", async () => {
    await open("a b[c] d");
    await click("a");
    await click("b", { shiftKey: true });
    const text = await clipboard("copy");
    expect(JSON.parse(text)).toEqual([{ id: "a", kind: "ReLU" }, { id: "b", kind: "Branches", lanes: [[{ id: "c", kind: "ReLU" }]] }]);
    await clipboard("paste", text);
    expect(shortOf()).toMatchObject([{ op: "paste", content: JSON.parse(text), before: "d" }]);
    expect(host.all("listitem").length).toBe(7);
    expect(current().length).toBe(2);
  });
  it("is cut to", async () => {
    await open("a b");
    await click("b");
    expect(JSON.parse(await clipboard("cut"))).toEqual([{ id: "b", kind: "ReLU" }]);
    expect(shortOf()).toEqual([{ op: "remove", block: "b" }]);
    expect(shown()).toBe("a");
  });
  it("holds nothing to paste, and says so", async () => {
    await open("a");
    await click("a");
    await clipboard("paste", "lorem ipsum");
    expect(host.sent).toEqual([]);
    expect(host.root.querySelector(".notice")!.textContent).toContain("Nothing to paste");
  });
  it("is the field's own while one has the focus", async () => {
    await open("a");
    await click("a");
    host.root.querySelector<HTMLElement>("input[role=searchbox]")!.focus();
    expect(await clipboard("copy")).toBe("not taken");
    expect(await clipboard("paste", "x")).toBe("not taken");
  });
  it("is kept on the page where the browser gives none", async () => {
    vi.stubGlobal("navigator", { ...navigator, clipboard: undefined, platform: "Linux" });
    await open("a");
    await click("a");
    await tool("Copy");
    await tool("Paste");
    vi.unstubAllGlobals();
    stubBrowser();
    expect(shortOf()).toMatchObject([{ op: "paste", content: [{ id: "a", kind: "ReLU" }] }]);
  });
});

describe("the keys", () => {
  it("are listed in a dialog", async () => {
    await open("a");
    host.press(document.body, "?", { shiftKey: true });
    await host.settle();
    const dialog = host.root.querySelector("dialog")!;
    expect(dialog.open).toBe(true);
    expect(dialog.textContent).toContain("Paste after the selection");
    await tool("Close keys");
    expect(host.root.querySelector("dialog")).toBeNull();
  });
  it("are not asked for while a question mark is typed", async () => {
    await open("a");
    host.press(host.all("searchbox")[0]!, "?", { shiftKey: true });
    await host.settle();
    expect(host.root.querySelector("dialog")).toBeNull();
  });
});

describe("the palette", () => {
  const stops = () => Array.from(host.root.querySelectorAll<HTMLElement>(".palette-groups [tabindex='0']"));
  it("is one stop for the Tab key, walked with arrow keys", async () => {
    await open("a");
    expect(stops().length).toBe(1);
    stops()[0]!.focus();
    await press("ArrowDown");
    await press("ArrowDown");
    expect(stops()).toEqual([host.root.activeElement]);
    const second = host.root.activeElement as HTMLElement;
    await press("ArrowLeft");
    expect(host.root.activeElement!.getAttribute("aria-expanded")).toBe("false");
    expect(second.isConnected).toBe(false);
    await press("ArrowRight");
    expect(host.root.activeElement!.getAttribute("aria-expanded")).toBe("true");
  });
  it("is entered from the search box at the first match", async () => {
    await open("a");
    const box = host.all("searchbox")[0] as HTMLInputElement;
    box.focus();
    box.value = "linear";
    box.dispatchEvent(new Event("input", { bubbles: true }));
    await host.settle();
    host.press(box, "ArrowDown");
    await host.settle();
    expect(host.root.activeElement!.getAttribute("aria-label")).toBe("Linear");
  });
});
