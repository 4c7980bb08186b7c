import { outOfRange } from "@mrdata/base";
import { auc, averagePrecision, brier, ece, type ReliabilityBin, reliability } from "@mrdata/forest";
import { bootstrap, type Estimate } from "./bootstrap.ts";
import type { ThresholdWay } from "./certified-choice.ts";
import { type CoveragePoint, coverageCurve } from "./coverage-curve.ts";
import {
  type GroupFigures,
  groupFigures,
  type HoldFigures,
  holdFigures,
  nightOrDay,
} from "./group-figures.ts";
import type { ScoredIncident } from "./issue-predictions.ts";

export type BacktestFigures = Omit<HoldFigures, "pagesSpared" | "realDelayed"> & {
  readonly scored: number;
  /** Share that resolved itself. */
  readonly baseRate: number;
  readonly auc: Estimate;
  readonly averagePrecision: Estimate;
  readonly brier: Estimate;
  readonly ece: Estimate;
  /** Incidents that were held and resolved themselves, and that were held and did not: as shares of all scored. */
  readonly pagesSpared: number;
  readonly realDelayed: number;
  readonly pagesSparedInterval: Estimate;
  readonly realDelayedInterval: Estimate;
  /** AUC within each service with at least 30 scored incidents and 5 of each outcome, weighted by incidents; null where there is none. */
  readonly withinServiceAuc: number | null;
  readonly baselines: {
    /** The alert type's historical rate, with a threshold chosen on the past by the same rule. */
    readonly ownRate: HoldFigures & { readonly auc: number; readonly brier: number };
    readonly constant: { readonly brier: number };
    readonly fixedDelay: readonly {
      readonly minutes: number;
      readonly pagesSpared: number;
      readonly delayed: number;
    }[];
  };
  /** The results of three ways to choose a threshold for one miss budget. */
  readonly byWay: Readonly<Record<ThresholdWay, HoldFigures>>;
  readonly reliability: readonly ReliabilityBin[];
  readonly coverageCurve: readonly CoveragePoint[];
  /** The largest services first. */
  readonly byService: readonly GroupFigures[];
  /** Opened from 22:00 to 7:00, and the rest. */
  readonly byTime: readonly GroupFigures[];
};

export type FiguresOptions = {
  readonly seed?: number;
  /** The time zone that defines night and day, an IANA name. */
  readonly timeZone?: string;
  /** Delays to compare with, minutes. */
  readonly delays?: readonly number[];
};

const MINUTE = 60_000;
const MAX_SERVICES = 50;

/** A backtest's results as figures; never `NaN`: an undefined figure is null. */
export function backtestFigures(
  scored: readonly ScoredIncident[],
  { seed = 1, timeZone = "UTC", delays = [5, 10] }: FiguresOptions = {},
): BacktestFigures {
  const n = scored.length;
  const probabilities = Float64Array.from(scored, ({ probability }) => probability);
  const labels = Uint8Array.from(scored, ({ label }) => label);
  const rates = Float64Array.from(scored, ({ rate }) => rate);
  const holds = Uint8Array.from(scored, ({ hold }) => (hold ? 1 : 0));
  const share = (count: number) => (n === 0 ? 0 : count / n);
  const baseRate = share(labels.reduce((sum, label) => sum + label, 0));
  const orHalf = (value: number) => (Number.isNaN(value) ? 0.5 : value);
  const of =
    (figure: (probabilities: Float64Array, labels: Uint8Array) => number) =>
    (drawn: Int32Array): number =>
      orHalf(
        figure(
          Float64Array.from(drawn, (i) => probabilities[i] ?? outOfRange()),
          Uint8Array.from(drawn, (i) => labels[i] ?? outOfRange()),
        ),
      );
  const heldWith = (label: 0 | 1) => (drawn: Int32Array) => {
    let count = 0;
    for (const i of drawn) if (holds[i] === 1 && labels[i] === label) count++;
    return share(count);
  };
  const estimate = bootstrap(
    n,
    {
      auc: of(auc),
      averagePrecision: of(averagePrecision),
      brier: of(brier),
      ece: of(ece),
      spared: heldWith(1),
      delayed: heldWith(0),
    },
    seed,
  );
  const timeOf = nightOrDay(timeZone);
  return {
    scored: n,
    baseRate,
    auc: estimate("auc"),
    averagePrecision: estimate("averagePrecision"),
    brier: estimate("brier"),
    ece: estimate("ece"),
    ...holdFigures(scored, ({ hold }) => hold),
    pagesSparedInterval: estimate("spared"),
    realDelayedInterval: estimate("delayed"),
    withinServiceAuc: withinServiceAuc(scored),
    baselines: {
      ownRate: {
        auc: orHalf(auc(rates, labels)),
        brier: brier(rates, labels),
        ...holdFigures(scored, ({ rateHold }) => rateHold),
      },
      constant: { brier: baseRate * (1 - baseRate) },
      fixedDelay: delays.map((minutes) => {
        const gone = scored.filter(
          ({ incident: { createdAt, resolvedAt, resolvedBy } }) =>
            resolvedAt !== null && resolvedBy === "integration" && resolvedAt - createdAt <= minutes * MINUTE,
        ).length;
        return { minutes, pagesSpared: share(gone), delayed: share(n - gone) };
      }),
    },
    byWay: {
      certified: holdFigures(scored, ({ holdBy }) => holdBy.certified),
      halfBudget: holdFigures(scored, ({ holdBy }) => holdBy.halfBudget),
      point: holdFigures(scored, ({ holdBy }) => holdBy.point),
    },
    reliability: reliability(probabilities, labels).filter(({ count }) => count > 0),
    coverageCurve: coverageCurve(scored),
    byService: groupFigures(scored, ({ incident }) => nameOf(incident)).slice(0, MAX_SERVICES),
    byTime: groupFigures(scored, ({ incident }) => timeOf(incident.createdAt)),
  };
}

/** A service's display name, with its id where that differs. */
const nameOf = ({ service, serviceName }: ScoredIncident["incident"]): string =>
  serviceName === undefined || serviceName === service ? service : `${serviceName} (${service})`;

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
