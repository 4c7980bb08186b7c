import { describe, expect, test } from "vitest";
import { packedOf } from "./packed.ts";
import { someRows } from "./rows.fixture.ts";
import { score } from "./score.ts";
import { scoreAll } from "./score-columns.ts";
import { trainBoosting } from "./train-boosting.ts";
import { trainForest } from "./train-forest.ts";

const FEATURES = 9;
const data = someRows(3_000, FEATURES);
const later = someRows(1_000, FEATURES, 5);

describe("one row answers, to the last bit, as it does among many", () => {
  for (const [name, train, isPacked] of [
    ["few trees", async () => trainBoosting(data, { rounds: 3, seed: 1 }), true],
    [
      "trees that fill no eight",
      async () => trainBoosting(data, { rounds: 75, bags: 3, maxLeaves: 16, seed: 1 }),
      true,
    ],
    ["a leaf alone", async () => trainBoosting(data, { rounds: 2, maxDepth: 0, seed: 1 }), true],
    [
      "a forest of small trees",
      async () => (await trainForest(data, { trees: 9, minLeaf: 50, seed: 1 })).model,
      true,
    ],
    [
      "trees too large to be packed",
      async () =>
        (await trainForest({ ...someRows(30_000, FEATURES) }, { trees: 3, minLeaf: 1, seed: 1 })).model,
      false,
    ],
  ] as const)
    test(name, async () => {
      const model = await train();
      expect(packedOf(model) !== null).toBe(isPacked);
      const ask = (columns: readonly Float32Array[]) => {
        const many = scoreAll(model, columns);
        for (let i = 0; i < many.length; i++)
          expect(
            score(
              model,
              Float32Array.from(columns, (column) => column[i] ?? Number.NaN),
            ),
          ).toBe(many[i]);
      };
      ask(later.columns);
      // Missing values, values on a threshold, next to one, and beyond all.
      const edges = [...new Set(model.threshold)].slice(0, 200);
      const odd = [Number.NaN, Number.NEGATIVE_INFINITY, -1e30, -0, 0, 1e30, Number.POSITIVE_INFINITY];
      const values = Float32Array.from([
        ...odd,
        ...edges.flatMap((x) => [x, x * (1 + 2e-7), x * (1 - 2e-7)]),
      ]);
      ask(
        Array.from({ length: FEATURES }, (_, k) =>
          values.map((_, i) => values[(i + 3 * k) % values.length] ?? 0),
        ),
      );
    });
});

test("a feature with more thresholds than a node has room for is scored all the same", () => {
  const rows = 1_500;
  const nodes = Array.from({ length: rows }, (_, t) => t);
  // Each tree compares the value with its own number.
  const model = {
    kind: "forest" as const,
    features: 1,
    base: 0,
    roots: Int32Array.from(nodes, (t) => 3 * t),
    feature: Int32Array.from(nodes.flatMap(() => [0, -1, -1])),
    threshold: Float32Array.from(nodes.flatMap((t) => [t, 0, 0])),
    left: Int32Array.from(nodes.flatMap((t) => [3 * t + 1, -1, -1])),
    defaultLeft: Uint8Array.from(nodes.flatMap(() => [1, 0, 0])),
    value: Float32Array.from(nodes.flatMap(() => [0, 0, 1 / rows])),
    cover: new Float32Array(3 * rows).fill(1),
  };
  expect(packedOf(model)).toBeNull();
  for (const x of [-1, 0, 10.5, 1_499]) {
    const reached = nodes.filter((t) => x >= t).length;
    expect(score(model, Float32Array.of(x))).toBeCloseTo(reached / rows, 6);
  }
});
