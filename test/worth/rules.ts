import { pastOf, timelineOf } from "@mrdata/incident";
import { backtest, type ThresholdWay, usualRule } from "@mrdata/learning";
import { createOrganisation, historyOf } from "@mrdata/simulator";

const MINUTE = 60_000;
const DAY = 86_400_000;
const TO = Date.parse("2026-03-02T08:00:00Z");
const WINDOW = 5 * MINUTE;

export const ways: readonly ThresholdWay[] = ["certified", "halfBudget", "point"];

/** What one way to choose a threshold came to on the scored part of one made-up history. */
export type OfWay = {
  readonly seed: number;
  readonly way: ThresholdWay;
  readonly incidents: number;
  readonly real: number;
  readonly spared: number;
  readonly delayed: number;
  /** More of the real ones were delayed than the budget allows. */
  readonly broken: boolean;
};

export type RulesOptions = {
  readonly seeds: readonly number[];
  readonly budget: number;
  readonly days: number;
  readonly refits: number;
  readonly trees?: number;
  readonly workers?: number;
  readonly progress?: (sentence: string) => void;
};

/**
 * Of each seed a history of the made-up organisation, tried by rolling origin with the real learners: what thresholds would
 * have held that were certified, that spent half the budget on the past, and that spent all of it.
 */
export async function compareRules(options: RulesOptions): Promise<readonly OfWay[]> {
  const { seeds, budget, days, refits, progress = () => {}, ...how } = options;
  const all: OfWay[] = [];
  for (const seed of seeds) {
    const from = TO - days * DAY;
    const organisation = createOrganisation({ seed, from, to: TO, bot: null });
    const events = await historyOf(organisation, { seed, from, to: TO });
    const pasts = [...Map.groupBy(events, ({ incident }) => incident).values()].flatMap(
      (list) => pastOf(timelineOf(list)) ?? [],
    );
    const rule = { ...usualRule, missBudget: budget };
    const { scored } = await backtest(pasts, { windowMs: WINDOW, refits, seed, rule, ...how });
    const real = scored.filter(({ label }) => label === 0).length;
    for (const way of ways) {
      const held = scored.filter(({ holdBy }) => holdBy[way]);
      const delayed = held.filter(({ label }) => label === 0).length;
      const spared = held.length - delayed;
      const broken = delayed > budget * real;
      all.push({ seed, way, incidents: scored.length, real, spared, delayed, broken });
    }
    progress(`seed ${seed}: ${scored.length} scored, ${real} real`);
  }
  return all;
}

/** The same of all seeds together: shares of pages spared and of real ones delayed, and of how many seeds the budget was broken. */
export function rulesTable(all: readonly OfWay[]) {
  return ways.map((way) => {
    const of = all.filter((one) => one.way === way);
    const sum = (what: "incidents" | "real" | "spared" | "delayed") =>
      of.reduce((together, one) => together + one[what], 0);
    return {
      way,
      seeds: of.length,
      pagesSpared: sum("spared") / sum("incidents"),
      realDelayedOfReal: sum("delayed") / sum("real"),
      brokenSeeds: of.filter(({ broken }) => broken).length,
    };
  });
}

/** How sure a certificate is unless told otherwise. */
const DELTA = 0.1;

/**
 * Whether the certified way spared something, and delayed more than the budget with no more seeds than a tenth of them and three
 * standard errors.
 */
export function promiseKept(table: ReturnType<typeof rulesTable>): boolean {
  const certified = table.find(({ way }) => way === "certified");
  if (certified === undefined) return false;
  const { seeds, brokenSeeds, pagesSpared } = certified;
  return pagesSpared > 0 && brokenSeeds <= seeds * DELTA + 3 * Math.sqrt(seeds * DELTA * (1 - DELTA));
}
