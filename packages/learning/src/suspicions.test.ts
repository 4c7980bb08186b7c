import { expect, test } from "vitest";
import { suspicionsOf } from "./suspicions.ts";

const figures = {
  auc: { value: 0.9, low: 0.88, high: 0.92 },
  scored: 1_000,
  coverage: 0.3,
  precision: 0.97,
};

test("figures that are too good to be true are reported", () => {
  expect(suspicionsOf(figures, 0.8)).toEqual([]);
  expect(suspicionsOf(figures, null)).toEqual([]);
  expect(suspicionsOf({ ...figures, auc: { value: 0.991, low: 0.98, high: 1 } }, 0.8)).toEqual([
    "Its AUC of 0.991 is too good to be true.",
  ]);
  expect(suspicionsOf(figures, 0)).toHaveLength(1);
  expect(suspicionsOf({ ...figures, precision: 1 }, 0.8)).toEqual([
    "Of 300 that it would have held not one was wrong, which is too good to be true.",
  ]);
  // Over a few dozen it is luck, or a good monitor.
  expect(suspicionsOf({ ...figures, precision: 1, coverage: 0.05 }, 0.8)).toEqual([]);
});
