import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Card } from "../../src/canvas/model/protocol";
import { card, document as fixture } from "./fixtures";
import { type Host, mount, stubBrowser } from "./mount";

let host: Host;
const conv = (id: string, more: Partial<Card> = {}): Card => card(id, { kind: "Conv2d", parameters: 160, output: "N×16×6×6", ...more });
const open = async (...cards: readonly Card[]): Promise<void> => {
  host = mount({ ...fixture("empty"), cards });
  await host.settle();
};
const click = async (id: string, more: MouseEventInit = {}): Promise<void> => {
  const entry = host.root.querySelector<HTMLElement>(`[data-id="${id}"]`)!;
  entry.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, cancelable: true, ...more }));
  await host.settle();
};
const tool = (): HTMLButtonElement => host.root.querySelector<HTMLButtonElement>("[role=toolbar] [aria-label=Freeze]")!;
const press = async (key: string, id: string, more: KeyboardEventInit = {}): Promise<void> => {
  host.press(host.root.querySelector(`[data-id="${id}"]`)!, key, more);
  await host.settle();
};
const form = () => host.root.querySelector(".form-body")!;
const button = () => form().querySelector<HTMLButtonElement>(".freeze");
const names = () => host.all("listitem").map((each) => each.getAttribute("aria-label"));
const sent = () => host.operations().map(({ seq: _, ...operation }) => operation);
const freeze = (block: string, frozen: boolean) => ({ op: "freeze", block, frozen });

beforeEach(stubBrowser);
afterEach(async () => {
  host.unmount();
  await host.settle();
});

describe("freezing", () => {
  it("is offered in the form, and shown on the card at once", async () => {
    await open(conv("a"));
    await click("a");
    expect(names()).toEqual(["Conv2d N×16×6×6"]);
    expect(button()!.textContent!.trim()).toBe("Freeze");
    button()!.click();
    await host.settle();
    expect(names()).toEqual(["Conv2d N×16×6×6 frozen"]);
    expect(host.root.querySelector(".entry .frost")).not.toBeNull();
    expect(host.root.querySelector(".count")!.textContent).toBe("160 frozen");
    expect(host.root.querySelector("[role=status]")!.textContent).toBe("Conv2d frozen");
    expect(button()!.textContent!.trim()).toBe("Unfreeze");
    button()!.click();
    await host.settle();
    expect(names()).toEqual(["Conv2d N×16×6×6"]);
    expect(sent()).toEqual([freeze("a", true), freeze("a", false)]);
  });
  it("is not offered where nothing can be frozen", async () => {
    await open(card("a"), conv("b", { frozen: true, trainable: 0 }));
    await click("a");
    expect([button(), tool().disabled]).toEqual([null, true]);
    await press("f", "a");
    expect(sent()).toEqual([]);
    expect(host.root.querySelector("[role=status]")!.textContent).toContain("ReLU: nothing to freeze.");
    await click("b");
    expect([button()!.textContent!.trim(), tool().disabled, tool().getAttribute("aria-pressed")]).toEqual(["Unfreeze", false, "true"]);
  });
  it("is told of a layer within a frozen container, and left to that", async () => {
    const held = conv("b", { trainable: 0 });
    await open(card("a", { kind: "Group", frozen: true, parameters: 160, trainable: 0, lanes: [[held]] }));
    expect(names()[1]).toBe("Conv2d N×16×6×6 frozen");
    await click("b");
    expect([button(), tool().disabled]).toEqual([null, true]);
    expect(form().textContent).toContain("Frozen with the container around it.");
  });
  it("has a key of its own, F", async () => {
    await open(conv("a"));
    await click("a");
    await press("f", "a");
    await press("f", "a", { ctrlKey: true });
    expect(sent()).toEqual([freeze("a", true)]);
    await press("?", "a");
    expect(host.root.querySelector(".help")!.textContent).toContain("FFreeze: train its parameters or not");
  });
  it("is one step for several, those without parameters left out", async () => {
    await open(conv("a", { frozen: true, trainable: 0 }), card("b"), conv("c"));
    await click("a");
    await click("c", { shiftKey: true });
    host.find("button", "Freeze selected").click();
    await host.settle();
    host.find("button", "Unfreeze selected").click();
    await host.settle();
    const all = (frozen: boolean) => ({ op: "batch", operations: [freeze("a", frozen), freeze("c", frozen)] });
    expect(sent()).toEqual([all(true), all(false)]);
  });
  it("shows in the totals", async () => {
    const totals = { ...fixture("empty").totals, parameters: 61_706, trainable: 59_274 };
    host = mount({ ...fixture("empty"), cards: [conv("a")], totals });
    await host.settle();
    const shown = Array.from(host.root.querySelectorAll(".totals > div")).map((each) => each.textContent);
    expect(shown).toContain("Parameters61,706 (2,432 frozen)");
  });
});
