import { createRandom } from "@mrdata/forest";
import fc from "fast-check";
import { expect, test } from "vitest";
import { betaTail, chanceOf, likenessAmong, logGamma, lowerBoundOf, meanOfChance } from "./beta-binomial.ts";
import { binomialTail } from "./clopper-pearson.ts";

test("the tail of a beta distribution is that of a binomial one, seen from the other side", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 80 }),
      fc.integer({ min: 1, max: 80 }),
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      (count, more, share) => {
        const trials = count + more;
        const tail = betaTail({ yes: count + 1, no: trials - count }, share);
        expect(1 - tail).toBeCloseTo(binomialTail(count, trials, share), 9);
      },
    ),
  );
  // The arcsine distribution, and the gamma function at a half.
  for (const share of [0.1, 0.3, 0.8])
    expect(betaTail({ yes: 0.5, no: 0.5 }, share)).toBeCloseTo(
      (2 / Math.PI) * Math.asin(Math.sqrt(share)),
      9,
    );
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
  expect(logGamma(0.3) + logGamma(0.7)).toBeCloseTo(Math.log(Math.PI / Math.sin(0.3 * Math.PI)), 9);
});

test("a lower bound holds so much of the chance below it", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.3, max: 60, noNaN: true }),
      fc.double({ min: 0.3, max: 60, noNaN: true }),
      (yes, no) => {
        const low = lowerBoundOf({ yes, no }, 0.1);
        expect(betaTail({ yes, no }, low)).toBeCloseTo(0.1, 6);
        expect(low).toBeLessThan(meanOfChance({ yes, no }) + 0.5);
      },
    ),
    { numRuns: 50 },
  );
});

const level = (selfResolved: number, decided: number, likeness = 4) => ({
  counts: { selfResolved, decided },
  likeness,
});

test("a rarely seen alert follows its service, an often seen one its own counts", () => {
  const service = level(90, 100);
  const seldom = chanceOf([level(0, 1), service, level(500, 1_000)]);
  const often = chanceOf([level(10, 100), service, level(500, 1_000)]);
  expect(meanOfChance(seldom)).toBeGreaterThan(0.6);
  expect(meanOfChance(often)).toBeCloseTo(0.13, 1);
  // Five of five say less than fifty of fifty, and both less where the service says otherwise.
  const bound = (seen: number, of = service) =>
    lowerBoundOf(chanceOf([level(seen, seen), of, level(500, 1_000)]), 0.1);
  expect(bound(5)).toBeLessThan(bound(50));
  expect(bound(5, level(10, 100))).toBeLessThan(bound(5));
  expect(bound(0, level(0, 0))).toBeLessThan(0.3);
});

test("how alike children are is read off their spread", () => {
  const random = createRandom(5);
  const family = (chances: readonly number[]) =>
    chances.map((chance) => ({
      decided: 40,
      selfResolved: Array.from({ length: 40 }, () => random.next()).filter((one) => one < chance).length,
    }));
  const alike = likenessAmong([family(Array.from({ length: 20 }, () => 0.6))]);
  const apart = likenessAmong([family(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 0.05 : 0.95)))]);
  expect(alike).toBeGreaterThanOrEqual(32);
  expect(apart).toBeLessThanOrEqual(1);
  expect(likenessAmong([])).toBe(2);
});
