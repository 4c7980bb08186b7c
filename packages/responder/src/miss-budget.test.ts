import fc from "fast-check";
import { expect, test } from "vitest";
import { budgetSentence, budgetSpent, isSpent } from "./miss-budget.ts";

test("nothing is spent without a miss, whatever the budget; any miss spends a budget of nothing", () => {
  expect(budgetSpent({ misses: 0, neededHuman: 0 }, 0)).toMatchObject({ spent: 0, low: 0, high: 1 });
  expect(isSpent(budgetSpent({ misses: 0, neededHuman: 50 }, 0))).toBe(false);
  expect(isSpent(budgetSpent({ misses: 1, neededHuman: 50 }, 0))).toBe(true);
});

test("the whole of it is spent at its share, not before", () => {
  expect(isSpent(budgetSpent({ misses: 9, neededHuman: 100 }, 0.1))).toBe(false);
  expect(isSpent(budgetSpent({ misses: 10, neededHuman: 100 }, 0.1))).toBe(true);
});

test("has Wilson's interval around it (10 of 100: 5.5 % to 17.4 %)", () => {
  const { low, high } = budgetSpent({ misses: 10, neededHuman: 100 }, 0.1);
  expect(low).toBeCloseTo(0.0552, 3);
  expect(high).toBeCloseTo(0.1744, 3);
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), (misses, more) => {
      const { share, ...interval } = budgetSpent({ misses, neededHuman: misses + more }, 0.1);
      expect(interval.low).toBeLessThanOrEqual(share);
      expect(interval.high).toBeGreaterThanOrEqual(share);
    }),
  );
});

test("is told in one sentence", () => {
  expect(budgetSentence(budgetSpent({ misses: 0, neededHuman: 0 }, 0.1))).toBe(
    "No incident has needed a human in 30 days, so nothing of the miss budget of 10.0 % is spent.",
  );
});
