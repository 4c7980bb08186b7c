import { createRandom } from "@mrdata/forest";
import {
  budgetEvidence,
  DISARMS_AT,
  missesThatStop,
  mostMissesInADay,
  type RealIncident,
} from "@mrdata/responder";
import { describe, expect, test } from "vitest";

const YEARS = 4_000;
const BUDGET = 0.1;

/** The number of real incidents after which the bot was disarmed, counted from the last of those before; or null. */
function disarmedAfter(
  seed: number,
  before: number,
  rates: readonly [before: number, then: number],
  most: number,
) {
  const random = createRandom(seed);
  const trail: RealIncident[] = [];
  const stakes = followed();
  for (let i = 0; i < before + most; i++) {
    const missed = random.next() < (i < before ? rates[0] : rates[1]);
    trail.push({ incident: `Q${i}`, openedAt: i * 1_000, missed });
    if (stakes(missed) < DISARMS_AT) continue;
    // Whoever was disarmed in the good time is armed again: that starts anew.
    if (i >= before) return { after: i + 1 - before, trail };
    return null;
  }
  return { after: Number.POSITIVE_INFINITY, trail };
}

/** The same bets one after the other: what `budgetEvidence` would say at each incident, without going over all again. */
function followed(): (missed: boolean) => number {
  const stakes = Array.from({ length: 10 }, () => 1);
  return (missed) => {
    for (const i of stakes.keys()) {
      const share = 0.05 + (0.4 / 9) * i;
      stakes[i] = Math.max(1, stakes[i] ?? 1) * (1 + (share / BUDGET) * ((missed ? 1 : 0) - BUDGET));
    }
    return stakes.reduce((sum, one) => sum + one, 0) / stakes.length;
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

describe(`${YEARS} simulated years`, () => {
  test("bets that are followed one by one are those of the product", () => {
    const one = disarmedAfter(5, 0, [0, 0.3], 200);
    if (one === null) throw new Error("no year");
    expect(Number.isFinite(one.after)).toBe(true);
    expect(budgetEvidence(one.trail, BUDGET)?.evidence).toBeGreaterThanOrEqual(DISARMS_AT);
    expect(budgetEvidence(one.trail.slice(0, -1), BUDGET)?.evidence).toBeLessThan(DISARMS_AT);
  });

  test.each([20, 50])(
    "half the budget, %i real incidents a month: disarmed in at most 2 of 100 years",
    (perMonth) => {
      let disarmed = 0;
      for (let seed = 1; seed <= YEARS; seed++) {
        const year = disarmedAfter(seed, 0, [0, BUDGET / 2], 12 * perMonth);
        if (year !== null && Number.isFinite(year.after)) disarmed++;
      }
      process.stdout.write(`evidence, half the budget, ${perMonth} a month: ${disarmed / YEARS} of years\n`);
      expect(disarmed / YEARS).toBeLessThanOrEqual(0.02);
    },
  );

  test.each([
    ["twice the budget after 300 at 3 in 100", 300, 0.2, 100],
    ["three times after 300 at 3 in 100", 300, 0.3, 35],
    ["twice the budget from the first day", 0, 0.2, 100],
    ["three times from the first day", 0, 0.3, 35],
  ] as const)("%s: disarmed in time", (name, before, rate, within) => {
    const years = Array.from({ length: YEARS }, (_, seed) =>
      disarmedAfter(seed + 1, before, [0.03, rate], 400),
    );
    const after = years.flatMap((year) => (year === null ? [] : [year.after]));
    const inTime = after.filter((count) => count <= 300).length / after.length;
    process.stdout.write(`evidence, ${name}: median ${median(after)}, within 300 ${inTime.toFixed(3)}\n`);
    expect(median(after)).toBeLessThanOrEqual(within);
    expect(inTime).toBeGreaterThanOrEqual(0.9);
    // Those that were disarmed before it became bad are few.
    expect(after.length / YEARS).toBeGreaterThan(0.98);
  });
});

const DAY = 86_400_000;
/** Fewer where a year has many misses: that takes long. */
const yearsOf = (perMonth: number): number => (perMonth > 200 ? 10_000 : 20_000);

/** The misses of a year at half the budget, by a Poisson process: so many real incidents in 30 days. */
function missesOfYear(random: ReturnType<typeof createRandom>, perMonth: number): readonly RealIncident[] {
  const misses: RealIncident[] = [];
  const perDay = (perMonth / 30) * (BUDGET / 2);
  const wait = () => -Math.log(1 - random.next()) / perDay;
  for (let day = wait(); day < 365; day += wait())
    misses.push({ incident: `M${misses.length}`, openedAt: day * DAY, missed: true });
  return misses;
}

describe("the hard stop, of a bot at half its budget", () => {
  test.each([20, 50, 110, 300, 1_000])(
    "%i real incidents a month: in fewer than .2 of 100 years",
    (perMonth) => {
      const random = createRandom(perMonth);
      const stop = missesThatStop(perMonth, BUDGET);
      const years = yearsOf(perMonth);
      let stopped = 0;
      for (let year = 0; year < years; year++)
        if (mostMissesInADay(missesOfYear(random, perMonth)) >= stop) stopped++;
      process.stdout.write(`hard stop, ${perMonth} a month, ${stop} misses: ${stopped / years} of years\n`);
      // Three standard errors of a share of .2 in 100.
      expect(stopped / years).toBeLessThanOrEqual(0.002 + 3 * Math.sqrt(0.002 / years));
    },
  );

  test.each([20, 50])(
    "%i real incidents a month: it and the evidence together in at most 2 of 100 years",
    (perMonth) => {
      const stop = missesThatStop(perMonth, BUDGET);
      let disarmed = 0;
      for (let seed = 1; seed <= YEARS; seed++) {
        const random = createRandom(seed);
        const stakes = followed();
        const misses: RealIncident[] = [];
        let crossed = false;
        for (let i = 0; i < 12 * perMonth; i++) {
          const missed = random.next() < BUDGET / 2;
          crossed = stakes(missed) >= DISARMS_AT || crossed;
          // Anywhere in the year: days are then as a Poisson process has them.
          if (missed) misses.push({ incident: `M${i}`, openedAt: random.next() * 365 * DAY, missed });
        }
        if (crossed || mostMissesInADay(misses) >= stop) disarmed++;
      }
      process.stdout.write(
        `evidence and hard stop, half the budget, ${perMonth} a month: ${disarmed / YEARS} of years\n`,
      );
      expect(disarmed / YEARS).toBeLessThanOrEqual(0.02);
    },
  );

  // Without a limit: what the page about guarantees says of many incidents.
  test.each([300, 1_000])(
    "%i real incidents a month: the evidence disarms more often, as is told",
    (perMonth) => {
      let disarmed = 0;
      const years = 300_000 / perMonth;
      for (let seed = 1; seed <= years; seed++) {
        const year = disarmedAfter(seed, 0, [0, BUDGET / 2], 12 * perMonth);
        if (year !== null && Number.isFinite(year.after)) disarmed++;
      }
      process.stdout.write(`evidence, half the budget, ${perMonth} a month: ${disarmed / years} of years\n`);
      expect(disarmed / years).toBeGreaterThan(0.02);
      expect(disarmed / years).toBeLessThan(perMonth === 300 ? 0.12 : 0.32);
    },
  );
});
