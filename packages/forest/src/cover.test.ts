import { expect, test } from "vitest";
import { modelOf } from "./model.ts";
import { someRows } from "./rows.fixture.ts";
import { stepTree } from "./step-tree.ts";
import { trainBoosting } from "./train-boosting.ts";
import { trainForest } from "./train-forest.ts";

const data = someRows(1_500, 6);
const start = [stepTree(0, { cuts: [-1, 0, 1], values: [-2, -1, 1, 2], rows: [0, 5, 900, 595] })];

test.each([
  ["a forest", async () => (await trainForest(data, { trees: 20, seed: 1 })).model],
  [
    "weighted rows",
    async () =>
      (
        await trainForest(
          { ...data, weights: Float64Array.from(data.labels, (y) => 0.2 + y) },
          { trees: 20, seed: 1 },
        )
      ).model,
  ],
  ["a forest by threads", async () => (await trainForest(data, { trees: 20, seed: 1, workers: 1 })).model],
  ["boosting", async () => trainBoosting(data, { rounds: 20, seed: 1 })],
  [
    "boosting of half the rows in bags",
    async () => trainBoosting(data, { rounds: 20, bags: 2, subsample: 0.5, seed: 1 }),
  ],
  [
    "boosting on steps that are known beforehand",
    async () => trainBoosting(data, { start, rounds: 20, seed: 1 }),
  ],
  ["leaves alone", async () => trainBoosting(data, { rounds: 2, maxDepth: 0, seed: 1 })],
  ["steps without rows", async () => modelOf(start, { kind: "boosting", features: 6, base: 0 })],
] as const)("covers of %s are above 0, add up, and are whole for squared error alone", async (_, train) => {
  const { kind, feature, left, cover, roots } = await train();
  for (const [node, k] of feature.entries()) {
    const rows = cover[node] ?? 0;
    expect(rows).toBeGreaterThan(0);
    if (k < 0) {
      expect(Number.isInteger(rows)).toBe(kind === "forest");
      continue;
    }
    const child = left[node] ?? 0;
    expect(rows).toBe((cover[child] ?? 0) + (cover[child + 1] ?? 0));
  }
  for (const root of roots) expect(cover[root]).toBeLessThanOrEqual(1_501);
});

test("the cover of a boosted tree's root is a quarter of the rows, as long as the odds are even", () => {
  const labels = data.labels.map((_, i) => i % 2);
  const { cover, roots } = trainBoosting({ ...data, labels }, { rounds: 1, seed: 1 });
  expect(cover[roots[0] ?? -1]).toBeCloseTo(1_500 / 4, -1);
});
