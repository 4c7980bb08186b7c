import { createRandom } from "@mrdata/forest";
import { selfResolved } from "@mrdata/incident";
import { isNight } from "@mrdata/simulator";
import { DAYS, type Lived, START } from "./armed-month.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const SAMPLES = 1_000;

export type Interval = readonly [number, number];
export type Line = {
  readonly way: string;
  readonly incidents: number;
  readonly nightPagesSpared: number;
  readonly nightPagesSparedInterval: Interval;
  readonly realDelayed: number;
  readonly realDelayedInterval: Interval;
};

type Counts = { readonly spared: number; readonly delayed: number };
/** What a way of paging comes to on these incidents. */
type Way = { readonly way: string; readonly countsOf: (incidents: readonly Lived[]) => Counts };

const count = (incidents: readonly Lived[], of: (one: Lived) => boolean): number =>
  incidents.reduce((sum, one) => sum + Number(of(one)), 0);
const atNight = ({ past }: Lived): boolean => isNight(past.createdAt);

const mrData: Way = {
  way: "Mr Data",
  countsOf: (incidents) => ({
    spared: count(incidents, (one) => one.label === 1 && atNight(one) && !one.paged),
    delayed: count(incidents, ({ held, label }) => held && label === 0),
  }),
};

/**
 * The own rate with its threshold moved until it delays as many real incidents as Mr Data did. Incidents of one rate
 * stand together, and between two thresholds the way is straight.
 */
const ownRate: Way = {
  way: "alert type's own rate, as many delayed",
  countsOf(incidents) {
    const { delayed: most } = mrData.countsOf(incidents);
    const groups = [...Map.groupBy(incidents, ({ rate }) => rate)].toSorted(([a], [b]) => b - a);
    let spared = 0;
    let delayed = 0;
    for (const [, group] of groups) {
      const more = count(group, ({ label }) => label === 0);
      const share = delayed + more <= most ? 1 : (most - delayed) / more;
      spared += share * count(group, (one) => one.label === 1 && atNight(one));
      delayed += share * more;
      if (share < 1) break;
    }
    return { spared, delayed };
  },
};

const fixedDelay = (minutes: number): Way => ({
  way: `fixed delay of ${minutes} minutes`,
  countsOf(incidents) {
    const gone = (one: Lived) => selfResolved(one.past, minutes * MINUTE);
    return {
      spared: count(incidents, (one) => gone(one) && atNight(one)),
      delayed: count(incidents, (one) => !gone(one) && one.label === 0),
    };
  },
});

const always: Way = { way: "page always", countsOf: () => ({ spared: 0, delayed: 0 }) };

const ways: readonly Way[] = [mrData, ownRate, fixedDelay(5), fixedDelay(10), always];

/** 95 of 100 bootstrap samples of whole days (Efron 1979), for what happens on one day hangs together. */
const intervalOf = (values: readonly number[]): Interval => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * sorted.length)] ?? 0);
  return [at(0.025), at(0.975)];
};

/** Every way of paging beside the bot on the same incidents, and how many night pages more than the own rate it spared. */
export function compare(lived: readonly Lived[], seed: number) {
  const days = Map.groupBy(lived, ({ past }) => Math.floor((past.createdAt - START) / DAY));
  const random = createRandom(seed);
  const samples = Array.from({ length: SAMPLES }, () =>
    Array.from({ length: DAYS }, () => days.get(random.below(DAYS)) ?? []).flat(),
  );
  const drawn = ways.map(({ countsOf }) => samples.map(countsOf));
  const lines = ways.map(({ way, countsOf }, i): Line => {
    const { spared, delayed } = countsOf(lived);
    return {
      way,
      incidents: lived.length,
      nightPagesSpared: Math.round(spared),
      nightPagesSparedInterval: intervalOf(drawn[i]?.map((one) => one.spared) ?? []),
      realDelayed: Math.round(delayed),
      realDelayedInterval: intervalOf(drawn[i]?.map((one) => one.delayed) ?? []),
    };
  });
  const more = mrData.countsOf(lived).spared - ownRate.countsOf(lived).spared;
  const [low, high] = intervalOf(
    samples.map((sample) => mrData.countsOf(sample).spared - ownRate.countsOf(sample).spared),
  );
  return { lines, verdict: { more: Math.round(more), low, high, beyondTheInterval: low > 0 } };
}
