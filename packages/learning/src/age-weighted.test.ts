import { expect, test } from "vitest";
import { ageWeighted, ageWeightedSentence } from "./age-weighted.ts";
import type { CertifyingRow } from "./certificate.ts";

const DAY = 86_400_000;
const real = (ageDays: number, probability: number): CertifyingRow => ({
  id: `Q${ageDays}`,
  openedAt: (1_000 - ageDays) * DAY,
  probability,
  label: 0,
});

test("recent misses weigh more than old ones, and one more is imagined now", () => {
  const quiet = Array.from({ length: 100 }, (_, i) => real(i, 0.1));
  const [recent, old] = [
    [...quiet, real(0, 0.95)],
    [...quiet, real(90, 0.95)],
  ].map((rows) => ageWeighted(rows, 0.9).delayedOfReal);
  const none = ageWeighted(quiet, 0.9).delayedOfReal;
  expect(recent).toBeGreaterThan(old ?? 1);
  expect(old).toBeGreaterThan(none);
  // Ninety days are three half-lives: an eighth of a miss.
  expect((old ?? 0) / none).toBeCloseTo(1.125, 1);
  expect(ageWeighted([real(0, 0.1)], 0.9).delayedOfReal).toBe(0.5);
  expect(ageWeighted([], 0.9).delayedOfReal).toBe(1);
});

test("is presented as an estimate and never as a certificate", () => {
  const sentence = ageWeightedSentence({ halfLifeDays: 30, delayedOfReal: 0.0712 });
  expect(sentence).toBe(
    "Weighted by age (a half-life of 30 days) 7.1 % of them would be delayed: an estimate, and no certificate.",
  );
});
