// What a page does when the server it talks to is a new one.

import { expect, test } from "vitest";
import type { Outbox } from "../../src/canvas/model/protocol";
import { createSession } from "../../src/canvas/session";
import { document } from "./fixtures";

test("a server that has not heard of this page gets the queue at once, and only once", async () => {
  const data = document("empty");
  const sent: Outbox[] = [];
  const session = createSession("x8");
  session.connect((outbox) => sent.push(outbox));
  session.receive({ ...data, client: "x8" });
  session.dispatch({ op: "insert", id: "c1", kind: "ReLU", into: null, lane: 0, before: null });
  await Promise.resolve();
  session.receive({ ...data, client: null });
  await Promise.resolve();
  session.receive({ ...data, client: "x8", ack: 1, revision: data.revision + 1 });
  await Promise.resolve();
  expect(sent.map(({ attempt, operations }) => [attempt, operations.length])).toEqual([[0, 1], [1, 1]]);
  expect(session.store.get().pending).toBe(0);
  session.close();
});
