import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createRandom } from "./random.ts";
import { type BoostingOptions, trainBoosting } from "./train-boosting.ts";

/** Columns as histories have them: missing values, few distinct ones, and some that are the same in all rows. */
function someTable(rows: number, features: number) {
  const random = createRandom(rows);
  const drawn = (k: number): number => {
    if (k % 5 === 0 && random.next() < 0.3) return Number.NaN;
    if (k % 7 === 3) return k % 2 === 0 ? 1 : Number.NaN;
    return k % 7 === 5 ? random.below(3) : 10 * random.next();
  };
  const columns = Array.from({ length: features }, (_, k) =>
    Float32Array.from({ length: rows }, () => drawn(k)),
  );
  const labels = Uint8Array.from({ length: rows }, (_, i) =>
    10 * random.next() < (columns[1]?.[i] ?? 0) ? 1 : 0,
  );
  return { columns, labels };
}

/** What the grower as it was written first, with a histogram of everything for each leaf, made of them. */
const asWrittenFirst: readonly (readonly [string, string, number, BoostingOptions])[] = [
  [
    "sixteen leaves",
    "488600a337cd559a",
    300,
    { rounds: 30, bags: 2, seed: 3, maxLeaves: 16, maxDepth: 8, subsample: 0.5 },
  ],
  [
    "four leaves",
    "207bcc132107e55f",
    300,
    { rounds: 30, seed: 4, maxLeaves: 4, maxDepth: 3, minChildWeight: 5, subsample: 0.5 },
  ],
  ["as many leaves as there can be", "7c4304f018da2c21", 500, { rounds: 15, seed: 5 }],
  [
    "next to nothing in a leaf",
    "b829031b610d463b",
    120,
    { rounds: 15, seed: 6, minChildWeight: 1e-3, lambda: 0.01 },
  ],
];

test.each(asWrittenFirst)("boosting with %s is the same bit for bit", (_, fingerprint, rows, options) => {
  const { feature, threshold, left, defaultLeft, value, cover } = trainBoosting(someTable(rows, 40), options);
  const hash = createHash("sha256");
  for (const list of [feature, threshold, left, defaultLeft, value, cover])
    hash.update(new Uint8Array(list.buffer, list.byteOffset, list.byteLength));
  expect(hash.digest("hex").slice(0, 16)).toBe(fingerprint);
});
