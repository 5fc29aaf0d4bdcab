// The operations Python has not yet acknowledged, and which answers may be shown.
//
// Streamlit coalesces quick changes to the newest, so the whole queue is sent each time as one
// state value; Python applies what it has not seen and answers with the last number it applied.

import type { CanvasData, Numbered, Operation, Outbox } from "./protocol";

export interface Queue {
  readonly client: string;
  readonly next: number;
  readonly waiting: readonly Numbered[];
  /** The newest answer accepted so far. */
  readonly seen: { readonly epoch: string; readonly revision: number; readonly ack: number } | null;
  readonly attempt: number;
}

export function emptyQueue(client: string): Queue {
  return { client, next: 1, waiting: [], seen: null, attempt: 0 };
}

export function enqueue(queue: Queue, operation: Operation): Queue {
  const numbered = { ...operation, seq: queue.next };
  return { ...queue, next: queue.next + 1, waiting: [...queue.waiting, numbered], attempt: 0 };
}

/** Whether an answer is older than the one on show. */
export function isStale(queue: Queue, data: CanvasData): boolean {
  const { seen } = queue;
  if (!seen || data.epoch !== seen.epoch) return false;
  if (data.revision < seen.revision) return true;
  // A server started again has heard of no operation yet: 0 is no older answer.
  const ack = ownAck(queue, data);
  return ack > 0 && ack < seen.ack;
}

/** Take an answer: drop what it acknowledges, or everything where the document was replaced. */
export function acknowledge(queue: Queue, data: CanvasData): Queue {
  if (isStale(queue, data)) return queue;
  const ack = Math.max(ownAck(queue, data), queue.seen?.ack ?? 0);
  const replaced = queue.seen !== null && queue.seen.epoch !== data.epoch;
  const waiting = replaced ? [] : queue.waiting.filter((operation) => operation.seq > ack);
  return {
    ...queue,
    waiting,
    next: Math.max(queue.next, ack + 1),
    seen: { epoch: data.epoch, revision: data.revision, ack },
    attempt: waiting.length === queue.waiting.length ? queue.attempt : 0,
  };
}

/** The queue with its attempt counted up: an equal state value would not be looked at again. */
export function retry(queue: Queue): Queue {
  return { ...queue, attempt: queue.attempt + 1 };
}

export function outbox(queue: Queue, has: string | null): Outbox {
  return {
    client: queue.client,
    has,
    epoch: queue.seen?.epoch ?? null,
    attempt: queue.attempt,
    operations: queue.waiting,
  };
}

/** The queue for a canvas that is put on the page again: whatever it is shown first is new to it. */
export function forget(queue: Queue): Queue {
  return { ...queue, seen: queue.seen && { ...queue.seen, revision: -1, ack: 0 } };
}

function ownAck(queue: Queue, data: CanvasData): number {
  return data.client === queue.client ? data.ack : 0;
}
