import { expect, test } from "vitest";
import { featureTable } from "./feature-table.ts";
import { trainingRows } from "./training-rows.ts";

const features = featureTable({ numbers: [], texts: [] }).length;
const ROWS = 8;
const columns = Array.from({ length: features }, (_, k) => new Float32Array(ROWS).fill(k === 1 ? 0.5 : 0));
const labels = Uint8Array.from([1, 1, 1, 0, 0, 0, 0, 1]);
const censored = Uint8Array.from([0, 0, 0, 0, 1, 1, 0, 0]);
const rows = { columns, labels, censored, known: Int32Array.from([0, 1, 2, 3, 4, 5]) };

test("only the training weights differ: negative, left out, or both ways by probability", async () => {
  const negative = await trainingRows(rows);
  expect([...negative.labels]).toEqual([1, 1, 1, 0, 0, 0]);
  expect(negative.weights).toBeUndefined();
  const leftOut = await trainingRows(rows, "left-out");
  expect([...leftOut.labels]).toEqual([1, 1, 1, 0]);
  const weighted = await trainingRows(rows, "weighted");
  expect([...weighted.labels]).toEqual([1, 1, 1, 0, 1, 1, 0, 0]);
  const [first = 0, second = 0, third = 0, fourth = 0] = [...(weighted.weights ?? [])].slice(4);
  expect([first + third, second + fourth]).toEqual([1, 1]);
  // Three of four known ones cleared: so do these, more likely than not.
  expect(first).toBeGreaterThan(0.5);
  expect(first).toBeLessThan(1);
});

test("where nothing is censored, or everything is, all ways are the same", async () => {
  for (const flags of [new Uint8Array(ROWS), new Uint8Array(ROWS).fill(1)])
    for (const way of ["left-out", "weighted"] as const) {
      const made = await trainingRows({ ...rows, censored: flags }, way);
      expect([...made.labels]).toEqual([1, 1, 1, 0, 0, 0]);
      expect(made.weights).toBeUndefined();
    }
});
