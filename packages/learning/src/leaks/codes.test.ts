import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aucOfCodes, codesOf, joined } from "./codes.ts";

/** A column of up to `different` values, and labels where one in ten is not known. */
const column = (rows: number, different: number) =>
  fc.array(fc.integer({ min: 0, max: different - 1 }), { minLength: rows, maxLength: rows });
const labelled = fc
  .tuple(fc.integer({ min: 60, max: 200 }), fc.integer({ min: 1, max: 60 }))
  .chain(([rows, different]) =>
    fc.tuple(
      column(rows, different),
      column(rows, different),
      fc.array(fc.constantFrom(0, 0, 0, 0, 1, 1, 1, 1, 1, -1), { minLength: rows, maxLength: rows }),
    ),
  );

/** The same by its definition: every pair of a positive and a negative row is compared. */
function byPairs(values: readonly number[], labels: readonly number[]): number {
  const rows = values.map((value, i) => ({ value, label: labels[i] ?? -1, fold: i % 5 }));
  const known = rows.filter(({ label }) => label >= 0);
  const rate = known.filter(({ label }) => label === 1).length / Math.max(1, known.length);
  const scored = known.flatMap(({ value, label, fold }) => {
    const others = known.filter((one) => one.value === value && one.fold !== fold);
    const positive = others.filter((one) => one.label === 1).length;
    return others.length === 0 ? [] : [{ label, score: (positive + rate) / (others.length + 1) }];
  });
  const [positive, negative] = [1, 0].map((one) => scored.filter(({ label }) => label === one));
  if (positive === undefined || negative === undefined || scored.length < 50) return 0.5;
  if (positive.length === 0 || negative.length === 0) return 0.5;
  const won = positive.flatMap((one) =>
    negative.map((other) => (one.score > other.score ? 1 : one.score === other.score ? 0.5 : 0)),
  );
  return won.reduce<number>((sum, one) => sum + one, 0) / (positive.length * negative.length);
}

describe("aucOfCodes", () => {
  it("is the share of pairs in the right order, by the rate of each value in the other folds", () => {
    fc.assert(
      fc.property(labelled, ([values, , labels]) => {
        const auc = aucOfCodes(
          codesOf(values, (one) => one),
          Int8Array.from(labels),
        );
        expect(auc).toBeCloseTo(byPairs(values, labels), 10);
      }),
      { numRuns: 60 },
    );
  });
});

describe("codesOf", () => {
  it("gives a number and the text that writes it one code, and a missing value one of its own", () => {
    const values = [1, "1", null, "", "a", null, "a", 1];
    expect([...codesOf(values, (one) => one).codes]).toEqual([0, 0, 1, 2, 3, 1, 3, 0]);
  });
});

describe("joined", () => {
  it("has one code for each pair that occurs, whether few pairs are possible or many", () => {
    fc.assert(
      fc.property(labelled, fc.constantFrom(1, 1_000), ([a, b], spread) => {
        const wide = (values: readonly number[]) => ({
          codes: Int32Array.from(values, (value) => value * spread),
          count: (Math.max(...values) + 1) * spread,
        });
        const { codes, count } = joined(wide(a), wide(b));
        const pairs = a.map((one, i) => `${one} ${b[i]}`);
        const firsts = [...new Set(pairs)];
        expect([...codes]).toEqual(pairs.map((pair) => firsts.indexOf(pair)));
        expect(count).toBe(firsts.length);
      }),
      { numRuns: 60 },
    );
  });
});
