import fc from "fast-check";
import { expect, test } from "vitest";
import { BucketSeries, COUNTS } from "./bucket-series.ts";

const counts = (first: number) => Array.from({ length: COUNTS }, (_, i) => (i === 0 ? first : 0));
const stepsArbitrary = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 5 })), {
  maxLength: 30,
});

/** The first count by bucket, added up plainly. */
function plainly(steps: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const sums = new Map<number, number>();
  for (const [index, count] of steps) sums.set(index, (sums.get(index) ?? 0) + count);
  return [...sums].toSorted(([a], [b]) => a - b);
}

const shown = (series: BucketSeries) =>
  series.indexes.map((index, i) => [index, series.counts[i * COUNTS]] as const);

test("buckets are in order of time whatever the order they come in, and add up", () => {
  fc.assert(
    fc.property(stepsArbitrary, (steps) => {
      const series = new BucketSeries();
      for (const [index, count] of steps) series.add(index, counts(count), 1);
      expect(shown(series)).toEqual(plainly(steps));
      expect(series.counts).toHaveLength(series.indexes.length * COUNTS);
    }),
    { numRuns: 50 },
  );
});

test("subtracting what was added leaves nothing behind", () => {
  fc.assert(
    fc.property(stepsArbitrary, (steps) => {
      const series = new BucketSeries();
      for (const [index, count] of steps) series.add(index, counts(count), 1);
      for (const [index, count] of steps.toReversed()) series.add(index, counts(count), -1);
      expect([series.indexes, series.counts]).toEqual([[], []]);
    }),
    { numRuns: 50 },
  );
});

test("a stored series is filled whatever its keys, and newer counts are 0 in older data", () => {
  const series = new BucketSeries();
  series.fill({ "7": [1], "-2": counts(3), "3": counts(2) });
  expect(shown(series)).toEqual([
    [-2, 3],
    [3, 2],
    [7, 1],
  ]);
  expect(series.counts).toHaveLength(3 * COUNTS);
  series.dropBefore(3);
  expect(series.indexes).toEqual([3, 7]);
  series.dropBefore(100);
  expect(series.indexes).toEqual([]);
});

test("a series is written as its buckets are", () => {
  const index = fc.oneof(
    fc.integer({ min: 0, max: 40 }),
    fc.constantFrom(-3, 29_422_904, 2 ** 32 - 2, 2 ** 32 - 1, 2 ** 33),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(index, fc.integer({ min: -5, max: 500 })), { maxLength: 12 }), (steps) => {
      const series = new BucketSeries();
      for (const [at, count] of steps)
        series.add(
          at,
          Array.from({ length: COUNTS }, (_, i) => count * i),
          1,
        );
      expect(series.toJson()).toBe(JSON.stringify(series.toBuckets()));
    }),
    { numRuns: 100 },
  );
  const odd = new BucketSeries();
  odd.fill({ "3": counts(Number.NaN), "4": counts(0.5) });
  expect(odd.toJson()).toBe(JSON.stringify(odd.toBuckets()));
});
