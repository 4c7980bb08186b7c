import { describe, expect, test } from "vitest";
import { attributionsOf } from "./attributions.ts";
import { fitLogistic } from "./fit-logistic.ts";
import { logit, sigmoid } from "./logistic.ts";
import { modelOf } from "./model.ts";
import { createRandom } from "./random.ts";
import { scoreAll } from "./score-columns.ts";
import { stepTree } from "./step-tree.ts";
import { trainBoosting } from "./train-boosting.ts";
import { readXgboost } from "./xgboost-read.ts";
import { writeXgboost } from "./xgboost-write.ts";

const answers = (
  cuts: readonly number[],
  values: readonly number[],
  rows: readonly number[],
  missing = 0,
) => {
  const tree = stepTree(0, { cuts, values, missing });
  const model = modelOf([tree], { kind: "forest", features: 1, base: 0 });
  return [...scoreAll(model, [Float32Array.from(rows)])].map((answer) => Number(answer.toFixed(6)));
};

describe("a function in steps as a tree", () => {
  test("answers with the step that a value is on; a cut belongs to the step above it", () => {
    const values = [0.1, 0.2, 0.3, 0.4, 0.5];
    expect(answers([1, 2, 3, 4], values, [-9, 1, 1.5, 2, 3.9, 4, 99])).toEqual([
      0.1, 0.2, 0.2, 0.3, 0.4, 0.5, 0.5,
    ]);
    expect(answers([], [0.7], [3, Number.NaN])).toEqual([0.7, 0.7]);
  });

  test("answers a missing value with the given step", () => {
    for (const missing of [0, 1, 2])
      expect(answers([1, 2], [0.1, 0.2, 0.3], [Number.NaN], missing)).toEqual([[0.1, 0.2, 0.3][missing]]);
  });

  test("is refused where it is no function", () => {
    expect(() => stepTree(0, { cuts: [1], values: [1] })).toThrow("one value more than cuts");
    expect(() => stepTree(0, { cuts: [1, 1], values: [1, 2, 3] })).toThrow("ascend");
  });
});

test("a logistic regression stays where it is believed to be while little is seen, and leaves it for much", () => {
  const random = createRandom(5);
  const fit = (rows: number) => {
    const x = Float64Array.from({ length: rows }, () => 4 * random.next() - 2);
    const labels = Array.from(x, (one) => (random.next() < sigmoid(3 * one - 1) ? 1 : 0));
    return fitLogistic([x], labels, { prior: [1, 0], hold: 5 });
  };
  const [fewSlope = 0, fewAdded = 0] = fit(4);
  expect(Math.abs(fewSlope - 1)).toBeLessThan(0.5);
  expect(Math.abs(fewAdded)).toBeLessThan(0.5);
  const [slope = 0, added = 0] = fit(20_000);
  expect(slope).toBeCloseTo(3, 0);
  expect(added).toBeCloseTo(-1, 0);
  // Only one class, perfectly separated: the prior keeps the answer finite.
  expect(
    fitLogistic([Float64Array.of(-1, 1)], [0, 1], { prior: [1, 0], hold: 5 }).every(Number.isFinite),
  ).toBe(true);
  expect(fitLogistic([], [1, 1, 1], { prior: [0], hold: 1 })[0]).toBeGreaterThan(0);
});

test("boosting that starts from given trees adds only what they leave open, and is written whole", () => {
  const random = createRandom(2);
  const rows = 2_000;
  const rate = Float32Array.from({ length: rows }, () => random.next());
  const chance = Float32Array.from({ length: rows }, () => random.next());
  const labels = Uint8Array.from(rate, (one) => (random.next() < one ? 1 : 0));
  const cuts = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  const start = [stepTree(0, { cuts, values: [...cuts, 0.995].map((cut) => logit(cut - 0.005)) })];
  const data = { columns: [rate, chance], labels };
  const startModel = modelOf(start, { kind: "boosting", features: 2, base: 0 });
  const model = trainBoosting(data, { rounds: 30, bags: 2, seed: 1, maxLeaves: 4, start });
  const off = (one: typeof model) =>
    scoreAll(one, data.columns).reduce((sum, p, i) => sum + (p - (rate[i] ?? 0)) ** 2, 0) / rows;
  const without = trainBoosting(data, { rounds: 30, bags: 2, seed: 1, maxLeaves: 4 });
  expect(off(startModel)).toBeLessThan(0.0001);
  expect(off(model)).toBeLessThan(off(without));
  // The trees that it begins with stand in it once, not once a bag.
  expect(model.roots.length).toBe(61);
  const row = Float32Array.of(0.8, 0.1);
  const { bias, contributions } = attributionsOf(model, row);
  const whole = scoreAll(readXgboost(writeXgboost(model)), [row.slice(0, 1), row.slice(1)])[0] ?? 0;
  expect(sigmoid(bias + contributions.reduce((a, b) => a + b, 0))).toBeCloseTo(whole, 6);
});
