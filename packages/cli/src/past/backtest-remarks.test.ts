import { expect, test } from "vitest";
import { remarksOn } from "./backtest-remarks.ts";

const figures = {
  auc: { value: 0.8, low: 0.7, high: 0.9 },
  brier: { value: 0.1, low: 0.1, high: 0.1 },
  baseRate: 0.4,
  coverage: 0.3,
  baselines: { ownRate: { brier: 0.2 } },
};
const remarks = (change: object) => remarksOn(Object.assign(structuredClone(figures), change));

test("a history with only one outcome is described as such, not as unlearnable", () => {
  const nothing = { auc: { value: 0.5, low: 0.5, high: 0.5 } };
  expect(remarks({ ...nothing, baseRate: 0 })).toEqual([expect.stringContaining("Every incident")]);
  expect(remarks({ ...nothing, baseRate: 1 })).toEqual([
    expect.stringContaining("No incident that was scored needed a human"),
  ]);
  expect(remarks(nothing)).toEqual([expect.stringContaining("nothing to learn")]);
});

test("unremarkable figures have no remark", () => {
  expect(remarks({})).toEqual([]);
  expect(remarks({ coverage: 0 })).toEqual([expect.stringContaining("sure enough")]);
});
