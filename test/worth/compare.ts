import { createRandom } from "@mrdata/forest";
import { isNight } from "@mrdata/simulator";
import { DAYS, type Lived, START } from "./armed-month.ts";
import { type Done, fixedDelay, mrData, ownRate, ownRateBehindRails, pageAlways } from "./ways.ts";

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
/** How often each day of the month is drawn. */
type Draw = Float64Array;
type Counting = { readonly way: string; readonly countsOf: (draw: Draw) => Counts };

/** Night pages spared and real incidents delayed, day by day. */
function byDay(lived: readonly Lived[], { spared, delayed }: Done) {
  const sums = { spared: new Float64Array(DAYS), delayed: new Float64Array(DAYS) };
  for (const [i, { past }] of lived.entries()) {
    const day = dayOf(past.createdAt);
    if (spared[i] && isNight(past.createdAt)) sums.spared[day] = (sums.spared[day] ?? 0) + 1;
    if (delayed[i]) sums.delayed[day] = (sums.delayed[day] ?? 0) + 1;
  }
  return sums;
}

const dayOf = (at: number): number => Math.min(DAYS - 1, Math.floor((at - START) / DAY));

const drawnSum = (days: Float64Array, draw: Draw): number =>
  days.reduce((sum, one, day) => sum + one * (draw[day] ?? 0), 0);

function fixed(way: string, lived: readonly Lived[], done: Done): Counting {
  const { spared, delayed } = byDay(lived, done);
  return { way, countsOf: (draw) => ({ spared: drawnSum(spared, draw), delayed: drawnSum(delayed, draw) }) };
}

/**
 * A way whose threshold is moved, with each draw anew, until it delays as many real incidents as the rival did. Between
 * two thresholds the way is straight.
 */
function moved(way: string, lived: readonly Lived[], levels: readonly Done[], rival: Counting): Counting {
  const all = levels.map((done) => byDay(lived, done));
  return {
    way,
    countsOf(draw) {
      const { delayed: most } = rival.countsOf(draw);
      let last: Counts = { spared: 0, delayed: 0 };
      for (const level of all) {
        const next = { spared: drawnSum(level.spared, draw), delayed: drawnSum(level.delayed, draw) };
        if (next.delayed > most) {
          const share = (most - last.delayed) / (next.delayed - last.delayed);
          return { spared: last.spared + share * (next.spared - last.spared), delayed: most };
        }
        last = next;
      }
      return last;
    },
  };
}

/** 95 of 100 bootstrap samples of whole days (Efron 1979), for what happens on one day hangs together. */
const intervalOf = (values: readonly number[]): Interval => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * sorted.length)] ?? 0);
  return [at(0.025), at(0.975)];
};

/**
 * Every way of paging beside the bot on the same incidents, and how many night pages more than the own rate it spared:
 * the verdict is about the own rate as it is, which no guard rail holds back; beside it stands the same bot with the own
 * rate as its predictor.
 */
export function compare(lived: readonly Lived[], seed: number) {
  const bot = fixed("Mr Data", lived, mrData(lived));
  const plain = moved("alert type's own rate, as many delayed", lived, ownRate(lived), bot);
  const railed = moved(
    "own rate behind the same guard rails, as many delayed",
    lived,
    ownRateBehindRails(lived),
    bot,
  );
  const ways = [
    bot,
    plain,
    railed,
    fixed("fixed delay of 5 minutes", lived, fixedDelay(5)(lived)),
    fixed("fixed delay of 10 minutes", lived, fixedDelay(10)(lived)),
    fixed("page always", lived, pageAlways(lived)),
  ];
  const random = createRandom(seed);
  const draws = Array.from({ length: SAMPLES }, () => {
    const draw = new Float64Array(DAYS);
    for (let i = 0; i < DAYS; i++) {
      const day = random.below(DAYS);
      draw[day] = (draw[day] ?? 0) + 1;
    }
    return draw;
  });
  const whole = new Float64Array(DAYS).fill(1);
  const lines = ways.map(({ way, countsOf }): Line => {
    const { spared, delayed } = countsOf(whole);
    const drawn = draws.map(countsOf);
    return {
      way,
      incidents: lived.length,
      nightPagesSpared: Math.round(spared),
      nightPagesSparedInterval: intervalOf(drawn.map((one) => one.spared)),
      realDelayed: Math.round(delayed),
      realDelayedInterval: intervalOf(drawn.map((one) => one.delayed)),
    };
  });
  const moreThan = (rival: Counting) => {
    const more = (draw: Draw) => bot.countsOf(draw).spared - rival.countsOf(draw).spared;
    const [low, high] = intervalOf(draws.map(more));
    return { more: Math.round(more(whole)), low, high, beyondTheInterval: low > 0 };
  };
  return { lines, verdict: moreThan(plain), behindRails: moreThan(railed) };
}
