import { expect, test } from "vitest";
import { pairedUpperBound, Z_90 } from "./paired-bound.ts";

test("nothing that differs bounds the difference by z² / (n + z²), and no row says nothing", () => {
  for (const rows of [30, 80, 100, 1_000])
    expect(pairedUpperBound(0, 0, rows, Z_90)).toBeCloseTo(Z_90 ** 2 / (rows + Z_90 ** 2), 6);
  expect(pairedUpperBound(0, 0, 0, Z_90)).toBe(1);
});

test("more rows that only the new one holds raise it, more that only the old one holds lower it", () => {
  const bounds = [0, 1, 2, 5, 10].map((onlyNew) => pairedUpperBound(onlyNew, 0, 200, Z_90));
  expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
  expect(pairedUpperBound(5, 5, 200, Z_90)).toBeGreaterThan(pairedUpperBound(0, 0, 200, Z_90));
  expect(pairedUpperBound(5, 9, 200, Z_90)).toBeLessThan(pairedUpperBound(5, 5, 200, Z_90));
});

test("it is as sure as it says: summed over everything that could be counted, the truth is below it nine times of ten", () => {
  const rows = 60;
  const logFactorial = [0];
  for (let k = 1; k <= rows; k++) logFactorial.push((logFactorial[k - 1] ?? 0) + Math.log(k));
  const log = (k: number) => logFactorial[k] ?? 0;
  for (const [shareNew, shareOld] of [
    [0.03, 0.01],
    [0.05, 0.05],
    [0.1, 0.02],
    [0.02, 0.06],
  ] as const) {
    let covered = 0;
    for (let a = 0; a <= rows; a++)
      for (let b = 0; a + b <= rows; b++) {
        const chance = Math.exp(
          log(rows) -
            log(a) -
            log(b) -
            log(rows - a - b) +
            a * Math.log(shareNew) +
            b * Math.log(shareOld) +
            (rows - a - b) * Math.log(1 - shareNew - shareOld),
        );
        if (chance > 1e-9 && pairedUpperBound(a, b, rows, Z_90) >= shareNew - shareOld) covered += chance;
      }
    expect(covered, `${shareNew} and ${shareOld}`).toBeGreaterThan(0.87);
  }
});
