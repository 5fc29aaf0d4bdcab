import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CanvasData, Card, Catalogue, Parameter, Value } from "../../src/canvas/model/protocol";
import { card, catalogue, document as fixture } from "./fixtures";
import { type Host, mount, stubBrowser } from "./mount";

let host: Host;
const open = async (shown: Card, data: Partial<CanvasData> = {}): Promise<void> => {
  host = mount({ ...fixture("empty"), cards: [shown], ...data });
  await host.settle();
  host.all("listitem")[0]!.click();
  await host.settle();
};
const conv = (more: Partial<Card> = {}): Card =>
  card("a", { kind: "Conv2d", params: { out_channels: 6, kernel_size: 3 }, filled: { in_channels: 1 }, ...more });
const sets = () => host.operations().map(({ seq: _, ...operation }) => operation);
const set = (name: string, value: Value) => ({ op: "set", block: "a", name, value });
const field = (name: string) => host.root.querySelector<HTMLElement>(`[data-parameter="${name}"]`)!;
const input = (name: string) => host.find("textbox", name) as HTMLInputElement;
const click = async (role: string, name: string | RegExp): Promise<void> => {
  host.find(role, name).click();
  await host.settle();
};

/** A layer with one parameter, for the types that no layer of the fixtures has alone. */
const custom = (parameter: Partial<Parameter>, params: Record<string, Value> = {}) => {
  const whole: Catalogue = {
    ...catalogue,
    kinds: {
      ...catalogue.kinds,
      Odd: {
        kind: "Odd", category: "Linear", summary: "", keywords: [], url: null, container: false, lanes: null,
        parameters: [{ name: "p", type: "number", required: false, help: "Help", ...parameter }],
      },
    },
  };
  return open(card("a", { kind: "Odd", params }), { catalogue: whole, catalogueHash: `odd-${JSON.stringify([parameter, params])}` });
};

beforeEach(stubBrowser);
afterEach(async () => {
  host.unmount();
  await host.settle();
});

describe("the form", () => {
  it("has one named field for every argument of every layer", { timeout: 60_000 }, async () => {
    const kinds = Object.values(catalogue.kinds);
    host = mount({ ...fixture("empty"), cards: kinds.map(({ kind }) => card(kind, { kind })) });
    for (const kind of kinds) {
      host.root.querySelector<HTMLElement>(`[data-id="${kind.kind}"]`)!.click();
      await host.settle();
      host.root.querySelector<HTMLElement>(".more[aria-expanded=false]")?.click();
      await host.settle();
      const shown = Array.from(host.root.querySelectorAll("[data-parameter]"));
      expect(shown.map((row) => row.getAttribute("data-parameter")).sort()).toEqual(
        kind.parameters.map(({ name }) => name).sort());
      for (const row of shown) {
        const name = row.getAttribute("data-parameter");
        expect(row.querySelector(`[aria-label="${name}"]`), `${kind.kind} ${name}`).not.toBeNull();
      }
    }
  });
  it("shows what flows through and where it is written about", async () => {
    await open(conv({ input: "N×1×8×8", output: "N×6×6×6", parameters: 60 }));
    expect(host.root.querySelector(".flow")!.textContent).toBe("N×1×8×8N×6×6×660 parameters");
    expect(host.root.querySelector<HTMLAnchorElement>(".form-head a")!.href).toContain("Conv2d");
  });
  it("repairs the fault it shows", async () => {
    await open(conv({ state: "fault", issue: { code: "rank", message: "Too flat", repair: "Mend" } }));
    await click("button", "Mend").catch(() => host.root.querySelector<HTMLElement>(".form .repair")!.click());
    await host.settle();
    expect(sets()).toEqual([{ op: "repair", block: "a", code: "rank" }]);
  });
});

describe("the name", () => {
  it("is given and taken away", async () => {
    await open(conv());
    host.type("Name", "conv1");
    await host.settle();
    host.type("Name", "");
    await host.settle();
    expect(sets()).toEqual([{ op: "rename", block: "a", name: "conv1" }, { op: "rename", block: "a", name: null }]);
  });
  it("must be a name in Python", async () => {
    await open(conv());
    host.type("Name", "1st");
    await host.settle();
    expect(host.sent).toEqual([]);
    expect(host.all("alert")[0]!.textContent).toBe("Letters, digits and _ only, no digit first");
  });
});

describe("a whole number", () => {
  it("is sent on Enter", async () => {
    await open(conv());
    host.type("out_channels", "32");
    await host.settle();
    expect(sets()).toEqual([set("out_channels", 32)]);
  });
  it("is sent after a pause, once", async () => {
    await open(conv());
    vi.useFakeTimers();
    for (const text of ["3", "32"]) host.type("out_channels", text, "Shift");
    await vi.advanceTimersByTimeAsync(249);
    expect(host.sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(10);
    vi.useRealTimers();
    expect(sets()).toEqual([set("out_channels", 32)]);
  });
  it("is stepped by arrows, not below its minimum", async () => {
    await open(conv({ params: { out_channels: 2, kernel_size: 3 } }));
    const box = input("out_channels");
    for (const _ of [1, 2, 3]) {
      host.press(box, "ArrowDown");
      await host.settle();
    }
    expect(box.value).toBe("1");
    host.press(box, "Enter");
    await host.settle();
    expect(sets()).toEqual([set("out_channels", 1)]);
  });
  it("is not sent while it is wrong", async () => {
    await open(conv());
    host.type("out_channels", "0");
    await host.settle();
    expect(host.sent).toEqual([]);
    expect(host.all("alert")[0]!.textContent).toBe("At least 1");
    expect(input("out_channels").getAttribute("aria-invalid")).toBe("true");
  });
  it("is not sent when it is what it was", async () => {
    await open(conv());
    host.type("out_channels", "6");
    await host.settle();
    expect(host.sent).toEqual([]);
  });
  it("keeps what is being typed when an answer arrives", async () => {
    await open(conv());
    host.type("out_channels", "6x", "Shift");
    host.show({ ...fixture("empty"), revision: 2, cards: [conv({ summary: "new" })] });
    await host.settle();
    expect(input("out_channels").value).toBe("6x");
  });
});

describe("a size that follows", () => {
  it("shows what it follows, and is pinned and let go", async () => {
    await open(conv());
    expect(input("in_channels").value).toBe("1");
    expect(field("in_channels").querySelector(".badge")!.textContent).toBe("auto");
    await click("button", "Pin in_channels");
    expect(sets()).toEqual([set("in_channels", 1)]);
    await click("button", "Unpin in_channels");
    expect(sets()[1]).toEqual({ op: "unset", block: "a", name: "in_channels" });
  });
  it("is pinned by typing", async () => {
    await open(conv());
    host.type("in_channels", "3");
    await host.settle();
    expect(sets()).toEqual([set("in_channels", 3)]);
  });
  it("says what it should be", async () => {
    await open(conv({ params: { in_channels: 3, out_channels: 6, kernel_size: 3 } }));
    expect(field("in_channels").querySelector(".error")!.textContent).toBe("The input has 1");
  });
});

describe("sizes", () => {
  it("are typed together or apart", async () => {
    await open(conv());
    host.type("kernel_size", "3, 5");
    await host.settle();
    expect(sets()).toEqual([set("kernel_size", [3, 5])]);
  });
  it("are taken apart and joined", async () => {
    await open(conv());
    await click("button", "Unlink the axes of kernel_size");
    expect(sets()).toEqual([set("kernel_size", [3, 3])]);
    host.type("kernel_size axis 2", "5");
    await host.settle();
    await click("button", "Link the axes of kernel_size");
    expect(sets().slice(1)).toEqual([set("kernel_size", [3, 5]), set("kernel_size", 3)]);
  });
  it("may be none where that is allowed", async () => {
    await custom({ type: "sizes", axes: 2, nullable: true, default: null }, { p: 2 });
    host.type("p", "");
    await host.settle();
    expect(sets()).toEqual([{ op: "unset", block: "a", name: "p" }]);
  });
  it("may have holes where that is allowed", async () => {
    await custom({ type: "sizes", axes: 2, holes: true, initial: 1 }, { p: [7, 7] });
    host.type("p axis 1", "none");
    await host.settle();
    expect(sets()).toEqual([set("p", [null, 7])]);
  });
});

describe("the other types", () => {
  it("padding is sizes or a word", async () => {
    await open(conv());
    await click("button", "same");
    host.type("padding", "2");
    await host.settle();
    host.type("padding", "valid");
    await host.settle();
    expect(sets()).toEqual([set("padding", "same"), set("padding", 2), set("padding", "valid")]);
  });
  it("a number takes powers of ten", async () => {
    await custom({ default: 1e-5 });
    host.type("p", "1e-3");
    await host.settle();
    expect(sets()).toEqual([set("p", 0.001)]);
  });
  it("a switch is on or off", async () => {
    await custom({ type: "boolean", default: true });
    await click("switch", "p");
    expect(sets()).toEqual([set("p", false)]);
    expect(host.find("switch", "p").getAttribute("aria-checked")).toBe("false");
  });
  it("a switch may be none", async () => {
    await custom({ type: "boolean", nullable: true, default: null });
    const group = field("p").querySelector("[role=group]")!;
    expect(group.getAttribute("aria-label")).toBe("p");
    const pressed = () => Array.from(group.children).find((chip) => chip.getAttribute("aria-pressed") === "true")!.textContent;
    expect(pressed()).toBe("None");
    await click("button", "False");
    expect(pressed()).toBe("False");
    await click("button", "None");
    expect(sets()).toEqual([set("p", false), { op: "unset", block: "a", name: "p" }]);
  });
  it("factors are one for all axes or some, above zero", async () => {
    await custom({ type: "factors", nullable: true, default: null }, { p: 2 });
    for (const text of ["0.5", "2, 1.5", "0", "none"]) {
      host.type("p", text);
      await host.settle();
    }
    expect(sets()).toEqual([set("p", 0.5), set("p", [2, 1.5]), { op: "unset", block: "a", name: "p" }]);
  });
  it("a number may be none", async () => {
    await custom({ type: "number", nullable: true, minimum: 0, default: 0.5 });
    host.type("p", "");
    await host.settle();
    expect(sets()).toEqual([set("p", null)]);
  });
  it("sizes may be many and negative, in pairs", async () => {
    await custom({ type: "sizes", axes: 6, minimum: -100, required: true, initial: 1 }, { p: [1, 2, 3, 4, 5, 6] });
    expect(field("p").classList.contains("many")).toBe(true);
    host.type("p axis 2", "-7");
    await host.settle();
    expect(sets()).toEqual([set("p", [1, -7, 3, 4, 5, 6])]);
  });
  it("a choice may be none", async () => {
    await custom({ type: "choice", options: ["add", "mean"], nullable: true, default: "add" });
    const select = host.find("combobox", "p") as HTMLSelectElement;
    expect(Array.from(select.options, (option) => option.text)).toEqual(["None", "add", "mean"]);
    select.value = "0";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await host.settle();
    expect(sets()).toEqual([set("p", null)]);
  });
  it("a shape may hold -1 where one is worked out", async () => {
    await custom({ type: "shape", wild: true, required: true, initial: [1, -1] }, { p: [1, -1] });
    host.type("p", "4, -1");
    await host.settle();
    expect(sets()).toEqual([set("p", [4, -1])]);
  });
  it("a shape without it has none", async () => {
    await custom({ type: "shape", required: true, initial: [1] }, { p: [1] });
    host.type("p", "4, -1");
    await host.settle();
    expect(host.sent).toEqual([]);
  });
});

describe("back to the start", () => {
  it("takes torch's default away from the document", async () => {
    await custom({ type: "integer", default: 1 }, { p: 3 });
    await click("button", "Reset p");
    expect(sets()).toEqual([{ op: "unset", block: "a", name: "p" }]);
  });
  it("sets what a fresh layer has where torch has no default", async () => {
    await open(conv());
    await click("button", "Reset out_channels");
    expect(sets()).toEqual([set("out_channels", 16)]);
  });
  it("is offered only where something differs", async () => {
    await open(conv({ params: { out_channels: 16, kernel_size: 3 } }));
    expect(host.all("button").filter((button) => /^Reset/.test(button.getAttribute("aria-label") ?? ""))).toEqual([]);
  });
});
