import { auc, averagePrecision, brier, createRandom, ece } from "@mrdata/forest";
import type { ScoredIncident } from "./backtest.ts";

/** An estimate with the interval that 95 % of bootstrap samples fall into. */
export type Estimate = { readonly value: number; readonly low: number; readonly high: number };

export type BacktestFigures = {
  readonly scored: number;
  /** Share that resolved itself. */
  readonly baseRate: number;
  readonly auc: Estimate;
  readonly averagePrecision: number;
  readonly brier: Estimate;
  readonly ece: number;
  /** Share of the scored that was held, how often that was right, and both outcomes as shares of all scored. */
  readonly coverage: number;
  /** Null where nothing was held. */
  readonly precision: number | null;
  readonly pagesSpared: number;
  readonly realDelayed: number;
  /** AUC within each service with at least 30 scored incidents and 5 of each outcome, weighted by incidents; null where there is none. */
  readonly withinServiceAuc: number | null;
  readonly baselines: {
    readonly ownRate: { readonly auc: number; readonly brier: number };
    readonly constant: { readonly brier: number };
    readonly fixedDelay: readonly {
      readonly minutes: number;
      readonly pagesSpared: number;
      readonly delayed: number;
    }[];
  };
};

const SAMPLES = 200;
const MINUTE = 60_000;

/** What a backtest says, in figures; `NaN` never: what is not defined is null. */
export function backtestFigures(scored: readonly ScoredIncident[], seed = 1): BacktestFigures {
  const n = scored.length;
  const [probabilities, labels] = [
    scored.map(({ probability }) => probability),
    scored.map(({ label }) => label),
  ];
  const share = (count: number) => (n === 0 ? 0 : count / n);
  const held = scored.filter(({ hold }) => hold);
  const spared = held.filter(({ label }) => label === 1).length;
  const baseRate = share(labels.filter((label) => label === 1).length);
  const rates = scored.map(({ rate }) => rate);
  const orHalf = (value: number) => (Number.isNaN(value) ? 0.5 : value);
  return {
    scored: n,
    baseRate,
    auc: bootstrap(probabilities, labels, (p, y) => orHalf(auc(p, y)), seed),
    averagePrecision: orHalf(averagePrecision(probabilities, labels)),
    brier: bootstrap(probabilities, labels, brier, seed),
    ece: ece(probabilities, labels),
    coverage: share(held.length),
    precision: held.length === 0 ? null : spared / held.length,
    pagesSpared: share(spared),
    realDelayed: share(held.length - spared),
    withinServiceAuc: withinServiceAuc(scored),
    baselines: {
      ownRate: { auc: orHalf(auc(rates, labels)), brier: brier(rates, labels) },
      constant: { brier: baseRate * (1 - baseRate) },
      fixedDelay: [5, 10].map((minutes) => {
        const gone = scored.filter(
          ({ incident: { createdAt, resolvedAt, resolvedBy } }) =>
            resolvedAt !== null && resolvedBy === "integration" && resolvedAt - createdAt <= minutes * MINUTE,
        ).length;
        return { minutes, pagesSpared: share(gone), delayed: share(n - gone) };
      }),
    },
  };
}

function withinServiceAuc(scored: readonly ScoredIncident[]): number | null {
  const services = Map.groupBy(scored, ({ incident }) => incident.service);
  let sum = 0;
  let rows = 0;
  for (const group of services.values()) {
    const positives = group.filter(({ label }) => label === 1).length;
    if (group.length < 30 || positives < 5 || group.length - positives < 5) continue;
    const one = auc(
      group.map(({ probability }) => probability),
      group.map(({ label }) => label),
    );
    sum += one * group.length;
    rows += group.length;
  }
  return rows === 0 ? null : sum / rows;
}

/** Draws the rows anew, with replacement, and takes the 2.5 % and 97.5 % of the figure (Efron 1979). */
function bootstrap(
  probabilities: readonly number[],
  labels: readonly number[],
  figure: (probabilities: readonly number[], labels: readonly number[]) => number,
  seed: number,
): Estimate {
  const random = createRandom(seed);
  const n = labels.length;
  const values = Array.from({ length: SAMPLES }, () => {
    const drawn = Array.from({ length: n }, () => random.below(n));
    return figure(
      drawn.map((i) => probabilities[i] ?? 0),
      drawn.map((i) => labels[i] ?? 0),
    );
  }).sort((a, b) => a - b);
  const at = (share: number) => values[Math.min(SAMPLES - 1, Math.floor(share * SAMPLES))] ?? Number.NaN;
  return { value: figure(probabilities, labels), low: at(0.025), high: at(0.975) };
}
