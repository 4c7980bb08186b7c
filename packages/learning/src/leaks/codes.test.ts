import { createRandom } from "@mrdata/forest";
import { expect, test } from "vitest";
import { aucOfCodes, type Codes, joined } from "./codes.ts";

const FOLDS = 5;

/** The plain way: every pair is hashed as a text. */
function joinedPlainly(a: Codes, b: Codes): Codes {
  const known = new Map<string, number>();
  const codes = Int32Array.from(a.codes, (code, i) => {
    const pair = `${code} ${b.codes[i]}`;
    if (!known.has(pair)) known.set(pair, known.size);
    return known.get(pair) ?? Number.NaN;
  });
  return { codes, count: known.size };
}

/** The plain way: every pair of a positive and a negative row is compared, by the rate of each code in the other folds. */
function aucPlainly({ codes }: Codes, labels: Int8Array): number {
  const known = [...codes].flatMap((code, i) =>
    labels[i] === -1 ? [] : [{ code, label: labels[i] ?? 0, fold: i % FOLDS }],
  );
  const rate = known.reduce((sum, { label }) => sum + label, 0) / Math.max(1, known.length);
  const scored = known.flatMap(({ code, label, fold }) => {
    const others = known.filter((one) => one.code === code && one.fold !== fold);
    const positive = others.reduce((sum, one) => sum + one.label, 0);
    return others.length === 0 ? [] : [{ label, score: (positive + rate) / (others.length + 1) }];
  });
  const [positives, negatives] = [1, 0].map((wanted) => scored.filter(({ label }) => label === wanted));
  let [area, pairs] = [0, 0];
  for (const a of positives ?? [])
    for (const b of negatives ?? []) {
      pairs++;
      area += a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0;
    }
  return pairs === 0 || scored.length < 50 ? 0.5 : area / pairs;
}

const someCodes = (seed: number, rows: number, count: number): Codes => {
  const random = createRandom(seed);
  return { codes: Int32Array.from({ length: rows }, () => random.below(count)), count };
};

test.each([
  [1, 3, 4],
  [2, 40, 30],
  // Too many pairs for a table.
  [3, 3_000, 3_000],
])("pairs are numbered as they first occur (seed %i, %i and %i codes)", (seed, a, b) => {
  const [one, other] = [someCodes(seed, 500, a), someCodes(seed + 100, 500, b)];
  expect(joined(one, other)).toEqual(joinedPlainly(one, other));
});

test.each([1, 2, 3, 4, 5, 6])("the area is that of comparing every two rows (seed %i)", (seed) => {
  const random = createRandom(seed);
  const codes = someCodes(seed, 400, [2, 5, 20, 60, 150, 350][seed - 1] ?? 2);
  const labels = Int8Array.from(codes.codes, (code) =>
    random.next() < 0.1 ? -1 : random.next() < (code % 7) / 7 ? 1 : 0,
  );
  expect(aucOfCodes(codes, labels)).toBeCloseTo(aucPlainly(codes, labels), 12);
});
