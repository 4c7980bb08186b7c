import fc from "fast-check";
import { expect, test } from "vitest";
import { budgetSentence, budgetSpent, budgetState, isSpent } from "./miss-budget.ts";
import type { RealIncident } from "./miss-evidence.ts";

test("nothing is spent without a miss, whatever the budget; any miss spends a budget of zero", () => {
  expect(budgetSpent({ services: ["PDATABASE"], misses: 0, neededHuman: 0 }, 0)).toMatchObject({
    spent: 0,
    low: 0,
    high: 1,
  });
  expect(isSpent(budgetSpent({ services: ["PDATABASE"], misses: 0, neededHuman: 50 }, 0))).toBe(false);
  expect(isSpent(budgetSpent({ services: ["PDATABASE"], misses: 1, neededHuman: 50 }, 0))).toBe(true);
  expect(isSpent(budgetSpent({ services: ["PDATABASE"], misses: 50, neededHuman: 50 }, 1))).toBe(false);
});

test("the budget is spent when the share reaches it, not before", () => {
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

test("the sentence names the services that are counted", () => {
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

/** Real incidents half a day apart, every `every`th of which was missed. */
const trailOf = (real: number, every: number): readonly RealIncident[] =>
  Array.from({ length: real }, (_, i) => ({
    incident: `Q${i}`,
    openedAt: i * 43_200_000,
    missed: (i + 1) % every === 0,
  }));
const stateOf = (trail: readonly RealIncident[], budget = 0.1) =>
  budgetState(
    {
      services: ["PDATABASE"],
      misses: trail.filter(({ missed }) => missed).length,
      neededHuman: trail.length,
      trail,
    },
    budget,
    trail.at(-1)?.openedAt ?? 0,
  );

test("a share at the budget only warns; the evidence disarms", () => {
  expect(stateOf(trailOf(60, 20))).toMatchObject({ exceeded: null, warning: null });
  expect(stateOf(trailOf(60, 10))).toMatchObject({
    exceeded: null,
    warning: expect.stringContaining("30 days"),
  });
  const tooMany = stateOf(trailOf(120, 3));
  expect(tooMany.exceeded).toMatch(
    /^the evidence that the miss rate is above the budget is \d+, and 125 disarms/,
  );
});

test("many misses within a day stop the bot immediately", () => {
  const day = (misses: number) =>
    Array.from({ length: 50 }, (_, i) => ({
      incident: `Q${i}`,
      openedAt: i * 60_000,
      missed: i >= 50 - misses,
    }));
  expect(stateOf(day(3)).exceeded).toBeNull();
  expect(stateOf(day(4)).exceeded).toMatch(
    /^4 incidents that needed a human were delayed within a day, and 4 stop/,
  );
});

test("evidence that crossed the limit counts, although outcomes reported with it brought it down again", () => {
  for (const [misses, paged] of [
    [9, 31],
    [6, 25],
    [12, 80],
  ] as const) {
    const trail = Array.from({ length: misses + paged }, (_, i) => ({
      incident: `Q${i}`,
      openedAt: i * 3 * 86_400_000,
      missed: i < misses,
    }));
    const { exceeded, evidence } = stateOf(trail);
    expect(evidence?.evidence).toBeLessThan(125);
    expect(exceeded).toMatch(
      /^the evidence that the miss rate is above the budget came to \d+ since it was armed \(it is \d+\.\d now\), and 125 disarms/,
    );
  }
});

test("with a budget of 0 the first miss is too many, with a budget of 1 none is", () => {
  expect(stateOf(trailOf(50, 50), 0).exceeded).toContain("no miss is allowed");
  expect(stateOf(trailOf(50, 100), 0).exceeded).toBeNull();
  expect(stateOf(trailOf(50, 1), 1)).toMatchObject({ exceeded: null, evidence: null });
});

test.each([
  [0, /^No evidence is counted: a miss budget of 0 allows no miss at all/],
  [1, /^No evidence is counted: a miss budget of 1 allows every miss.*missBudget 0\.1/],
])(
  "a budget of %d, for which nothing can be counted, is warned of in a sentence, whatever happened",
  (budget, said) => {
    for (const trail of [[], trailOf(50, 100), trailOf(50, 10)])
      expect(stateOf(trail, budget).warning).toMatch(said);
  },
);
