// The component as Streamlit mounts it: in a shadow root, with a record of what it sends.

import { vi } from "vitest";
import { release } from "../../src/canvas/later";
import canvas from "../../src/canvas/main";
import type { AskedToSee, CanvasData, Inspected, Numbered, Outbox } from "../../src/canvas/model/protocol";

export interface Host {
  readonly root: ShadowRoot;
  /** What is on show. */
  readonly data: CanvasData;
  readonly sent: Outbox[];
  /** The layers whose arithmetic was asked for. */
  readonly inspected: Inspected[];
  /** The samples that were asked for; null where none was wanted any more. */
  readonly seeing: AskedToSee[];
  show(data: CanvasData): void;
  /** Acknowledge everything sent so far. */
  acknowledge(more?: Partial<CanvasData>): void;
  operations(): readonly Numbered[];
  find(role: string, name: string | RegExp): HTMLElement;
  all(role: string): HTMLElement[];
  press(target: Element, key: string, more?: KeyboardEventInit): void;
  type(name: string, text: string, key?: string): void;
  settle(): Promise<void>;
  /** Take the component off the page, as Streamlit does. */
  unmount(): void;
}

let mounts = 0;

export function mount(first: CanvasData, same?: string): Host {
  const element = document.createElement("div");
  document.body.append(element);
  const root = element.attachShadow({ mode: "open" });
  const sent: Outbox[] = [];
  const inspected: Inspected[] = [];
  const seeing: AskedToSee[] = [];
  // Each mount shows a document of its own, so that nothing waits from the test before.
  const epoch = same ?? `h${++mounts}`;
  let data = first;
  let cleanUp = (): void => {};
  const show = (next: CanvasData): void => {
    data = next;
    cleanUp = canvas({
      parentElement: root, data: { ...data, epoch }, key: "k", name: "canvas",
      setStateValue: (state, value) => {
        if (state === "outbox") sent.push(value as Outbox);
        if (state === "inspect") inspected.push(value as Inspected);
        if (state === "see") seeing.push(value as AskedToSee);
      },
    });
  };
  show(first);
  const host: Host = {
    get data() {
      return { ...data, epoch };
    },
    root, sent, inspected, seeing, show,
    acknowledge(more = {}) {
      const last = sent.at(-1);
      const ack = last?.operations.at(-1)?.seq ?? 0;
      show({ ...data, client: last?.client ?? null, ack, revision: data.revision + 1, ...more });
    },
    operations: () => sent.at(-1)?.operations ?? [],
    all: (role) => Array.from(root.querySelectorAll<HTMLElement>(SELECTORS[role] ?? `[role=${role}]`)),
    find(role, name) {
      const found = host.all(role).filter((candidate) => matches(nameOf(candidate), name));
      if (found.length !== 1) throw new Error(`${found.length} of ${role} ${String(name)}`);
      return found[0]!;
    },
    press(target, key, more = {}) {
      target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...more }));
    },
    type(name, text, key = "Enter") {
      const input = host.find("textbox", name) as HTMLInputElement;
      input.value = text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      host.press(input, key);
    },
    async settle() {
      for (let i = 0; i < 3; i++) {
        await new Promise((done) => setTimeout(done));
        release();  // as when an answer takes too long
      }
    },
    unmount() {
      host.acknowledge();
      element.remove();
      cleanUp();
    },
  };
  return host;
}

const SELECTORS: Record<string, string> = {
  button: "button:not([aria-hidden] button):not([role])",
  textbox: "input[type=text], input:not([type])",
  combobox: "select",
};

function nameOf(element: Element): string {
  return element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "";
}

function matches(name: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? name === wanted : wanted.test(name);
}

export function stubBrowser(): void {
  HTMLDialogElement.prototype.showModal = function show(this: HTMLDialogElement) {
    this.open = true;
  };
  vi.stubGlobal("ResizeObserver", class { observe() {} disconnect() {} });
  vi.stubGlobal("CSS", { escape: (text: string) => text });
  vi.stubGlobal("PointerEvent", class extends MouseEvent {});
}
