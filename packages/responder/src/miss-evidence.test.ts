import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  badDay,
  budgetEvidence,
  DISARMS_AT,
  highestEvidence,
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
  test("is null before the first real incident, and for a budget that no rate can exceed", () => {
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

  test("is not offset by a good year: a bad month afterwards counts as much as on the first day", () => {
    const bad = Array.from({ length: 40 }, (_, i) => i % 3 === 0);
    const year = Array.from({ length: 600 }, () => false);
    expect(evidenceOf([...year, ...bad])).toBeGreaterThanOrEqual(0.8 * evidenceOf(bad));
  });

  test("is computed for each budget, and is the same when it is computed again", () => {
    const missed = [false, true, true, false, true];
    const trail = trailOf(missed);
    for (const budget of [0.1, 0.3, 0.1])
      expect(budgetEvidence(trail, budget)).toEqual(budgetEvidence(trailOf(missed), budget));
    expect(budgetEvidence(trail, 0.3)).not.toEqual(budgetEvidence(trail, 0.1));
  });

  test("is the same in every order, and however often an incident is reported", () => {
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

  const at = (...hours: readonly number[]): readonly RealIncident[] =>
    hours.map((hour, i) => ({ incident: `Q${i}`, openedAt: hour * HOUR, missed: true }));

  test("counts days from midnight and from noon, so that half a day lies within one wherever it begins", () => {
    expect(mostMissesInADay(at(1, 9, 14, 23))).toBe(4);
    expect(mostMissesInADay(at(13, 23, 30, 35))).toBe(4);
    expect(mostMissesInADay(at(11, 13, 25))).toBe(2);
    expect(mostMissesInADay(trailOf([false, false]))).toBe(0);
    expect(mostMissesInADay([])).toBe(0);
    for (let begin = 0; begin < 48; begin++)
      expect(mostMissesInADay(at(begin, begin + 4, begin + 8, begin + 11.9))).toBe(4);
  });

  test("judges days that ended no more than a day ago, and no older ones", () => {
    const bad = at(30, 31, 32, 33);
    const judged = (now: number) => badDay(bad, 0.1, { now: now * HOUR, realPerMonth: 20 });
    for (const now of [33, 48, 60, 71]) expect(judged(now), String(now)).toEqual({ misses: 4, stop: 4 });
    for (const now of [72, 100, 24 * 45]) expect(judged(now), String(now)).toBeNull();
  });

  test.each([
    [990, 8, 1],
    [990, 10, 20],
    [300, 6, 29],
    [50, 3, 29],
  ])(
    "at %i real incidents a month a day of %i misses, which is none too many, is none %i days later, whatever there is by then",
    (perMonth, misses, days) => {
      const trail: RealIncident[] = Array.from({ length: perMonth }, (_, i) => ({
        incident: `R${i}`,
        openedAt: (i * 30 * 24 * HOUR) / perMonth,
        missed: false,
      }));
      const bad = Array.from({ length: misses }, (_, i) => ({
        incident: `M${i}`,
        openedAt: 29.5 * 24 * HOUR + i * 60_000,
        missed: true,
      }));
      const all = [...trail, ...bad];
      for (const realPerMonth of [perMonth, perMonth / 2, 10])
        expect(badDay(all, 0.1, { now: (29.6 + days) * 24 * HOUR, realPerMonth })).toBeNull();
      const more = [...all, { incident: "ONE-MORE", openedAt: 29.6 * 24 * HOUR, missed: true }];
      // One more miss, with this few real incidents in the month, stops the bot on the day itself.
      expect(
        badDay(
          more.filter(({ missed }) => missed),
          0.1,
          { now: 29.7 * 24 * HOUR, realPerMonth: 10 },
        ),
      ).not.toBeNull();
    },
  );
});

test("the highest value is over the whole trail, however many outcomes were reported together", () => {
  const bulk = [...Array.from({ length: 9 }, () => true), ...Array.from({ length: 31 }, () => false)];
  const trail = trailOf(bulk, 48 * HOUR);
  expect(budgetEvidence(trail, 0.1)?.evidence).toBeLessThan(10);
  const prefixes = trail.map((_, i) => budgetEvidence(trail.slice(0, i + 1), 0.1)?.evidence ?? 0);
  expect(highestEvidence(trail, 0.1)).toBe(Math.max(...prefixes));
  expect(highestEvidence(trail, 0.1)).toBeGreaterThan(DISARMS_AT);
  expect(highestEvidence([], 0.1)).toBeNull();
});
