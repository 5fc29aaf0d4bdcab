import { expect, it } from "vitest";
import { Record } from "../../src/curves/record";
import { describe, describeGap } from "../../src/curves/summary";
import { epochs, message } from "./messages";

it("says that nothing has come yet", () => {
  expect(describe(new Record())).toBe("Loss and accuracy: no values yet");
});

it("states the latest values", () => {
  const record = new Record();
  record.accept(message(0, 8, { epochs: epochs(0, 2) }));
  expect(describe(record)).toBe(
    "Loss and accuracy after batch 8 of 100: loss 0.125, accuracy 50.0 %; " +
      "after epoch 2 of 10: training loss 0.4, accuracy 80.0 %; validation loss 0.5, accuracy 75.0 %",
  );
});

it("names a metric that is no share", () => {
  const record = new Record();
  record.accept(message(0, 8, { metric: { title: "mean absolute error", share: false } }));
  expect(describe(record)).toBe(
    "Loss and mean absolute error after batch 8 of 100: loss 0.125, mean absolute error 0.5",
  );
});

it("tells where the loss stopped being finite", () => {
  const record = new Record();
  record.accept(message(0, 2, { series: { loss: [1, null], metric: [0.5, 0.5] } }));
  expect(describe(record)).toContain("loss not a finite number");
  expect(describeGap(record)).toMatch(/^From batch 2 on/);
});
