import type { BacktestFigures, GroupFigures } from "@mrdata/learning";
import { type Column, tableLines } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** Counts of a backtest's input: incidents, rows left out, and duplicate incidents. */
export type ReadCounts = { readonly incidents: number; readonly bad: number; readonly duplicates: number };

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The figures of a backtest as lines of text: the input, the quality of the scores, and every way of paging. */
export function figureLines(
  figures: BacktestFigures,
  { incidents, bad, duplicates }: ReadCounts,
  terminal: Pick<Terminal, "bold" | "columns">,
): readonly string[] {
  const number = (value: number) => value.toFixed(3);
  const estimate = ({ value, low, high }: BacktestFigures["auc"]) =>
    `${number(value)}  (95 %: ${number(low)} to ${number(high)})`;
  const { baselines, withinServiceAuc } = figures;
  const parts = [
    `${incidents} incidents`,
    ...(bad > 0 ? [`${bad} rows left out`] : []),
    ...(duplicates > 0 ? [`${duplicates} told again`] : []),
    `${figures.scored} scored, of which ${percent(figures.baseRate)} resolved themselves`,
  ];
  return [
    parts.join(", "),
    "",
    `AUC                  ${estimate(figures.auc)}`,
    `within services      ${withinServiceAuc === null ? "too few incidents" : number(withinServiceAuc)}`,
    `average precision    ${estimate(figures.averagePrecision)}`,
    `Brier score          ${estimate(figures.brier)}`,
    `calibration (ECE)    ${estimate(figures.ece)}`,
    "",
    ...tableLines(wayColumns, waysOf(figures), terminal),
    "",
    `Of all scored, ${percent(figures.pagesSparedInterval.low)} to ${percent(figures.pagesSparedInterval.high)} spared and ${percent(figures.realDelayedInterval.low)} to ${percent(figures.realDelayedInterval.high)} delayed (95 %).`,
    "",
    ...tableLines(groupColumns, [...figures.byTime, ...figures.byService.slice(0, MAX_SERVICES)], terminal),
    ...(figures.byService.length > MAX_SERVICES
      ? [`… and ${figures.byService.length - MAX_SERVICES} more services (--json, --html)`]
      : []),
    "",
    `The alert type's own rate: AUC ${number(baselines.ownRate.auc)}, Brier ${number(baselines.ownRate.brier)}; a constant: Brier ${number(baselines.constant.brier)}.`,
  ];
}

const MAX_SERVICES = 10;

type Way = {
  readonly name: string;
  readonly pagesSpared: number;
  readonly realDelayed: number;
  /** Null if nothing is held. */
  readonly precision: number | null;
};

const shareOrNone = (share: number | null): string => (share === null ? "–" : percent(share));

/** Every way of paging on the same incidents; shares of all scored, from 0 to 1. */
const waysOf = ({ baselines, ...own }: BacktestFigures): readonly Way[] => [
  { name: "Mr Data", ...own },
  { name: "alert type's own rate", ...baselines.ownRate },
  { name: "page always", pagesSpared: 0, realDelayed: 0, precision: null },
  ...baselines.fixedDelay.map(({ minutes, pagesSpared, delayed }) => ({
    name: `fixed delay, ${minutes} min`,
    pagesSpared,
    realDelayed: delayed,
    precision: null,
  })),
];

const wayColumns: readonly Column<Way>[] = [
  { head: "way", of: ({ name }) => name, shrinks: true },
  { head: "pages spared", of: ({ pagesSpared }) => percent(pagesSpared), right: true },
  { head: "real ones delayed", of: ({ realDelayed }) => percent(realDelayed), right: true },
  { head: "held and right", of: ({ precision }) => shareOrNone(precision), right: true },
];

const groupColumns: readonly Column<GroupFigures>[] = [
  { head: "when, and which service", of: ({ name }) => name, shrinks: true },
  { head: "scored", of: ({ scored }) => String(scored), right: true },
  { head: "resolved itself", of: ({ baseRate }) => shareOrNone(baseRate), right: true },
  { head: "pages spared", of: ({ pagesSpared }) => shareOrNone(pagesSpared), right: true },
  { head: "real ones delayed", of: ({ realDelayed }) => shareOrNone(realDelayed), right: true },
  { head: "held and right", of: ({ precision }) => shareOrNone(precision), right: true },
];
