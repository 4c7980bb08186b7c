import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  budgetEvidence,
  DISARMS_AT,
  missesThatStop,
  mostMissesInADay,
  type RealIncident,
  WARNS_AT,
} from "./miss-evidence.ts";

const HOUR = 3_600_000;
const trailOf = (missed: readonly boolean[], apart = HOUR): readonly RealIncident[] =>
  missed.map((one, i) => ({ incident: `Q${i}`, openedAt: i * apart, missed: one }));
const evidenceOf = (missed: readonly boolean[]) => budgetEvidence(trailOf(missed), 0.1)?.evidence ?? 0;

describe("the evidence that the miss rate is above the budget", () => {
  test("is none before the first real incident, and where no rate could be above", () => {
    expect(budgetEvidence([], 0.1)).toBeNull();
    expect(budgetEvidence(trailOf([true]), 0)).toBeNull();
    expect(budgetEvidence(trailOf([true]), 1)).toBeNull();
  });

  test("falls below one while nothing is missed, rises with every miss, and warns before it disarms", () => {
    expect(evidenceOf([false])).toBeLessThan(1);
    expect(evidenceOf([true])).toBeGreaterThan(1);
    expect(evidenceOf([true, true, true])).toBeGreaterThan(evidenceOf([true, true]));
    expect(budgetEvidence(trailOf([false, true]), 0.1)).toMatchObject({
      warnsAt: expect.closeTo(5, 6),
      disarmsAt: DISARMS_AT,
      real: 2,
      misses: 1,
      since: "1970-01-01T00:00:00.000Z",
    });
    expect(WARNS_AT ** 3).toBeCloseTo(DISARMS_AT, 6);
  });

  test("of a good year does not buy a bad month: after it as much is reached as from the first day", () => {
    const bad = Array.from({ length: 40 }, (_, i) => i % 3 === 0);
    const year = Array.from({ length: 600 }, () => false);
    expect(evidenceOf([...year, ...bad])).toBeGreaterThanOrEqual(0.8 * evidenceOf(bad));
  });

  test("of one trail is told anew for each budget, and is the same when it is asked again", () => {
    const missed = [false, true, true, false, true];
    const trail = trailOf(missed);
    for (const budget of [0.1, 0.3, 0.1])
      expect(budgetEvidence(trail, budget)).toEqual(budgetEvidence(trailOf(missed), budget));
    expect(budgetEvidence(trail, 0.3)).not.toEqual(budgetEvidence(trail, 0.1));
  });

  test("is the same in every order, and however often an incident is told", () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 2 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (missed, apart, keys) => {
          const trail = trailOf(missed, apart * HOUR);
          const shuffled = [...trail, ...trail]
            .map((one) => ({ one, key: keys.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one);
          expect(budgetEvidence(shuffled, 0.1)).toEqual(budgetEvidence(trail, 0.1));
          expect(mostMissesInADay(shuffled)).toBe(mostMissesInADay(trail));
        },
      ),
    );
  });
});

describe("the hard stop", () => {
  test.each([
    [0, 3],
    [10, 3],
    [20, 4],
    [50, 4],
    [300, 7],
    [1_000, 11],
  ])("at %i real incidents a month and a budget of a tenth is %i misses within a day", (perMonth, stop) => {
    expect(missesThatStop(perMonth, 0.1)).toBe(stop);
  });

  test("counts any 24 hours, not days of the calendar", () => {
    const at = (...hours: readonly number[]): readonly RealIncident[] =>
      hours.map((hour, i) => ({ incident: `Q${i}`, openedAt: hour * HOUR, missed: true }));
    expect(mostMissesInADay(at(20, 23, 30, 43))).toBe(4);
    expect(mostMissesInADay(at(20, 23, 30, 44))).toBe(3);
    expect(mostMissesInADay(trailOf([false, false]))).toBe(0);
    expect(mostMissesInADay([])).toBe(0);
  });
});
