import fc from "fast-check";
import { expect, test } from "vitest";
import { budgetSentence, budgetSpent, isSpent } from "./miss-budget.ts";

test("nothing is spent without a miss, whatever the budget; any miss spends a budget of nothing", () => {
  expect(budgetSpent({ services: ["PDATABASE"], misses: 0, neededHuman: 0 }, 0)).toMatchObject({
    spent: 0,
    low: 0,
    high: 1,
  });
  expect(isSpent(budgetSpent({ services: ["PDATABASE"], misses: 0, neededHuman: 50 }, 0))).toBe(false);
  expect(isSpent(budgetSpent({ services: ["PDATABASE"], misses: 1, neededHuman: 50 }, 0))).toBe(true);
  expect(isSpent(budgetSpent({ services: ["PDATABASE"], misses: 50, neededHuman: 50 }, 1))).toBe(false);
});

test("the whole of it is spent at its share, not before", () => {
  expect(isSpent(budgetSpent({ services: ["PDATABASE"], misses: 9, neededHuman: 100 }, 0.1))).toBe(false);
  expect(isSpent(budgetSpent({ services: ["PDATABASE"], misses: 10, neededHuman: 100 }, 0.1))).toBe(true);
});

test("has Wilson's interval around it (10 of 100: 5.5 % to 17.4 %)", () => {
  const { low, high } = budgetSpent({ services: ["PDATABASE"], misses: 10, neededHuman: 100 }, 0.1);
  expect(low).toBeCloseTo(0.0552, 3);
  expect(high).toBeCloseTo(0.1744, 3);
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), (misses, more) => {
      const { share, ...interval } = budgetSpent(
        { services: ["PDATABASE"], misses, neededHuman: misses + more },
        0.1,
      );
      expect(interval.low).toBeLessThanOrEqual(share);
      expect(interval.high).toBeGreaterThanOrEqual(share);
    }),
  );
});

test("is told in one sentence that names what it is counted of", () => {
  const of = (services: readonly string[], misses: number, neededHuman: number) =>
    budgetSentence(budgetSpent({ services, misses, neededHuman }, 0.1));
  expect(of(["PDATABASE"], 0, 0)).toBe(
    "No incident of PDATABASE has needed a human in the last 30 days, so nothing of the miss budget of 10.0 % is spent.",
  );
  expect(of(["PDATABASE", "PSHOP"], 1, 20)).toBe(
    "1 of 20 incidents of PDATABASE, PSHOP that needed a human in the last 30 days were delayed since they were armed: 5.0 % (95 % interval 0.9 % to 23.6 %) of a budget of 10.0 %.",
  );
  expect(of(["P1", "P2", "P3", "P4", "P5", "P6"], 0, 0)).toMatch(/^No incident of the 6 armed services/);
  expect(of([], 0, 0)).toBe("No service is armed, so nothing of the miss budget of 10.0 % can be spent.");
});
