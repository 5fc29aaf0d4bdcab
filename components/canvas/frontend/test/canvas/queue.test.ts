import { describe, expect, it } from "vitest";
import type { CanvasData, Operation } from "../../src/canvas/model/protocol";
import { acknowledge, emptyQueue, enqueue, forget, isStale, outbox, type Queue, retry } from "../../src/canvas/model/queue";
import { document, OUTBOXES } from "./fixtures";

const base = document("empty");
const answer = (more: Partial<CanvasData>): CanvasData => ({ ...base, ...more });
const filled = (count: number): Queue => {
  const operation: Operation = { op: "undo" };
  let queue = acknowledge(emptyQueue("x8"), base);
  for (let i = 0; i < count; i++) queue = enqueue(queue, operation);
  return queue;
};
const waiting = (queue: Queue) => queue.waiting.map(({ seq }) => seq);

describe("the queue", () => {
  it("numbers operations and sends all that wait", () => {
    expect(outbox(filled(2), "ab12")).toEqual({
      client: "x8", has: "ab12", epoch: "h1", attempt: 0, operations: [{ op: "undo", seq: 1 }, { op: "undo", seq: 2 }],
    });
  });
  it("has the form of the contract's outboxes", () => {
    const keys = Object.keys(outbox(filled(1), null)).sort();
    for (const example of OUTBOXES) expect(Object.keys(example).sort()).toEqual(keys);
  });
  it("drops what is acknowledged to this page", () => {
    expect(waiting(acknowledge(filled(3), answer({ client: "x8", ack: 2, revision: 2 })))).toEqual([3]);
  });
  it("keeps all while another page is answered", () => {
    expect(waiting(acknowledge(filled(2), answer({ client: "other", ack: 9, revision: 2 })))).toEqual([1, 2]);
  });
  it("keeps what an answer from before it leaves open", () => {
    expect(waiting(acknowledge(filled(2), answer({ client: "x8", ack: 0 })))).toEqual([1, 2]);
  });
  it("takes the same answer twice", () => {
    const once = acknowledge(filled(3), answer({ client: "x8", ack: 2, revision: 2 }));
    expect(acknowledge(once, answer({ client: "x8", ack: 2, revision: 2 }))).toEqual(once);
  });
  it("ignores an answer that comes late", () => {
    const newer = acknowledge(filled(3), answer({ client: "x8", ack: 3, revision: 4 }));
    expect(isStale(newer, answer({ client: "x8", ack: 2, revision: 3 }))).toBe(true);
    expect(isStale(newer, answer({ client: "x8", ack: 2, revision: 4 }))).toBe(true);
    expect(isStale(newer, answer({ client: "x8", ack: 3, revision: 4 }))).toBe(false);
    expect(acknowledge(newer, answer({ client: "x8", ack: 1, revision: 2 }))).toBe(newer);
  });
  it("drops everything when the document is replaced, and counts on", () => {
    const replaced = acknowledge(filled(3), answer({ epoch: "h2", revision: 1 }));
    expect(waiting(replaced)).toEqual([]);
    expect(waiting(enqueue(replaced, { op: "undo" }))).toEqual([4]);
  });
  it("takes an older revision of a new document", () => {
    const newer = acknowledge(filled(1), answer({ client: "x8", ack: 1, revision: 40 }));
    expect(isStale(newer, answer({ epoch: "h2", revision: 3 }))).toBe(false);
  });
  it("goes on after the server was started again", () => {
    const before = acknowledge(filled(5), answer({ client: "x8", ack: 4, revision: 7 }));
    const restarted = acknowledge(before, answer({ client: null, ack: 0, revision: 7 }));
    expect(waiting(restarted)).toEqual([5]);
    expect(isStale(before, answer({ client: "x8", ack: 0, revision: 7 }))).toBe(false);
  });
  it("outlives a canvas taken off the page, but not the document", () => {
    const kept = forget(acknowledge(filled(3), answer({ client: "x8", ack: 1, revision: 9 })));
    expect(waiting(acknowledge(kept, answer({ client: "x8", ack: 2, revision: 4 })))).toEqual([3]);
    expect(waiting(acknowledge(kept, answer({ epoch: "h2" })))).toEqual([]);
  });
  it("never reuses a number the server has seen", () => {
    const fresh = acknowledge(emptyQueue("x8"), answer({ client: "x8", ack: 12 }));
    expect(waiting(enqueue(fresh, { op: "undo" }))).toEqual([13]);
  });
  it("looks different each time it is sent again", () => {
    const again = retry(retry(filled(1)));
    expect(outbox(again, null).attempt).toBe(2);
    expect(enqueue(again, { op: "redo" }).attempt).toBe(0);
    expect(acknowledge(again, answer({ client: "x8", ack: 1, revision: 2 })).attempt).toBe(0);
  });
});
