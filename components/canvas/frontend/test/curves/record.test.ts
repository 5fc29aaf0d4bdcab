import { describe, expect, it } from "vitest";
import { Record } from "../../src/curves/record";
import { epochs, message } from "./messages";

function receive(...messages: ReturnType<typeof message>[]): { record: Record; outcomes: string[] } {
  const record = new Record();
  const outcomes = messages.map((each) => record.accept(each));
  return { record, outcomes };
}

const HARMONIC = (count: number): number[] => Array.from({ length: count }, (_, at) => 1 / (at + 1));

describe("Record", () => {
  it("appends what follows", () => {
    const { record, outcomes } = receive(message(0, 3), message(3, 5));
    expect(outcomes).toEqual(["new run", "more"]);
    expect(record.batches.loss).toEqual(HARMONIC(5));
    expect(record.smooth.loss.values.length).toBe(5);
  });

  it("tolerates overlap and repetition", () => {
    const { record, outcomes } = receive(message(0, 4), message(1, 6), message(1, 6), message(2, 4));
    expect(outcomes).toEqual(["new run", "more", "nothing", "nothing"]);
    expect(record.batches.loss).toEqual(HARMONIC(6));
  });

  it("changes nothing at a hole and goes on after the refill", () => {
    const { record, outcomes } = receive(message(0, 4), message(6, 8), message(4, 9));
    expect(outcomes).toEqual(["new run", "hole", "more"]);
    expect(record.batches.loss).toEqual(HARMONIC(9));
  });

  it("sees a hole in the epochs", () => {
    const { outcomes, record } = receive(
      message(0, 4, { epochs: epochs(0, 1) }),
      message(4, 6, { epochs: epochs(2, 3) }),
      message(4, 6, { epochs: epochs(0, 3) }),
    );
    expect(outcomes).toEqual(["new run", "hole", "more"]);
    expect(record.epochCount).toBe(3);
  });

  it("starts over with another run", () => {
    const { record, outcomes } = receive(message(0, 4), message(0, 2, { run: "r2" }));
    expect(outcomes).toEqual(["new run", "new run"]);
    expect(record.batches.loss).toEqual(HARMONIC(2));
  });

  it("asks for the beginning of a run that it joins in the middle", () => {
    const { record, outcomes } = receive(message(50, 60));
    expect(outcomes).toEqual(["hole"]);
    expect(record.batchCount).toBe(0);
  });

  it("tells of the end, even without new points", () => {
    const { outcomes } = receive(message(0, 4), message(4, 4, { ended: true }), message(4, 4, { ended: true }));
    expect(outcomes).toEqual(["new run", "more", "nothing"]);
  });

  it("takes 100,000 batches in one message", () => {
    const { record } = receive(message(0, 100_000));
    expect(record.batchCount).toBe(100_000);
  });
});
