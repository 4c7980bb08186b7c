import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binomialTail, fewestForNone, largestAllowed, upperBound } from "./clopper-pearson.ts";

describe("the Clopper–Pearson upper bound", () => {
  // scipy 1.17.1: beta.ppf(1 - delta, count + 1, trials - count)
  test.each([
    [1, 20, 0.1, 0.18096],
    [1, 30, 0.1, 0.12357],
    [2, 50, 0.1, 0.10296],
    [5, 100, 0.1, 0.09077],
    [10, 200, 0.1, 0.07599],
    [30, 616, 0.1, 0.06178],
    [0, 22, 0.1, 0.09937],
    [0, 1, 0.1, 0.9],
    [7, 7, 0.1, 1],
    [0, 300, 0.05, 0.00994],
  ])("of %i in %i at delta %d is %d", (count, trials, delta, bound) => {
    expect(upperBound(count, trials, delta)).toBeCloseTo(bound, 4);
  });

  test("is where so few would be seen with probability delta, and rises with the count", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000 }),
        fc.nat(1_000_000),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (trials, drawn, delta) => {
          const count = drawn % trials;
          const bound = upperBound(count, trials, delta);
          expect(binomialTail(count, trials, bound)).toBeCloseTo(delta, 6);
          expect(upperBound(count + 1, trials, delta)).toBeGreaterThan(bound);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("refuses an invalid count and an invalid delta", () => {
    expect(() => upperBound(3, 2, 0.1)).toThrow("3 of 2");
    for (const delta of [0, -1, 0.51, Number.NaN]) expect(() => upperBound(0, 10, delta)).toThrow("delta");
  });
});

describe("how many misses are allowed", () => {
  test.each([
    [20, null],
    [21, null],
    [22, 0],
    [30, 0],
    [50, 1],
    [100, 5],
    [200, 14],
    [616, 51],
  ])("of %i for at most a tenth at delta .1: %s", (real, allowed) => {
    expect(largestAllowed(real, 0.1, 0.1)).toBe(allowed);
  });

  test("fewer than 22 cannot be certified for a tenth", () => {
    expect(fewestForNone(0.1, 0.1)).toBe(22);
    for (const [budget, delta] of [
      [0.05, 0.1],
      [0.2, 0.05],
      [0.5, 0.5],
    ] as const) {
      const fewest = fewestForNone(budget, delta);
      expect(largestAllowed(fewest, budget, delta)).toBe(0);
      expect(fewest > 1 ? largestAllowed(fewest - 1, budget, delta) : null).toBeNull();
    }
  });

  test("is the most whose bound is within the budget", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 800 }),
        fc.double({ min: 0.01, max: 0.9, noNaN: true }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (real, budget, delta) => {
          const allowed = largestAllowed(real, budget, delta);
          if (allowed !== null) expect(upperBound(allowed, real, delta)).toBeLessThanOrEqual(budget + 1e-12);
          const next = (allowed ?? -1) + 1;
          expect(upperBound(next, real, delta)).toBeGreaterThan(budget - 1e-12);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("a budget of nothing, of everything, or none is refused in a sentence", () => {
    expect(() => largestAllowed(10, 0, 0.1)).toThrow("allows no miss at all");
    expect(() => largestAllowed(10, 1, 0.1)).toThrow("nothing to certify");
    expect(() => largestAllowed(10, Number.NaN, 0.1)).toThrow("no share");
  });
});
