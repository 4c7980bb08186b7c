import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import {
  type Backtest,
  type BacktestFigures,
  backtest,
  backtestFigures,
  LEAST_INCIDENTS,
} from "@mrdata/learning";
import { CommandError } from "../exit-codes.ts";
import { readHistory } from "../history/read-history.ts";
import type { Terminal } from "../terminal.ts";

export type BacktestCommandOptions = {
  readonly window: number;
  readonly refits: number;
  readonly rows?: string;
  readonly seed: number;
  readonly strict: boolean;
  readonly json: boolean;
};

/** Bad rows that are told one by one; the rest only counted. */
const MOST_TOLD = 10;

/** What the bot would have done with a history, learning from each part of it only what was known before. */
export async function backtestCommand(
  file: string,
  { window, refits, rows, seed, strict, json }: BacktestCommandOptions,
  terminal: Terminal,
): Promise<void> {
  let told = 0;
  const { incidents, bad, duplicates } = await readHistory(file, {
    strict,
    onBad({ line, problem }) {
      if (++told <= MOST_TOLD) terminal.say(`${file}, line ${line}: ${problem}: left out`);
    },
  });
  if (bad.length > MOST_TOLD) terminal.say(`… and ${bad.length - MOST_TOLD} more rows that cannot be read`);
  if (incidents.length < LEAST_INCIDENTS)
    throw new CommandError(
      `${file} has ${incidents.length} incidents that can be read, and a backtest needs ${LEAST_INCIDENTS} at least`,
    );
  const result = await backtest(incidents, {
    window,
    refits,
    seed,
    workers: threads(refits),
    progress: (sentence) => terminal.progress(sentence),
  });
  const figures = backtestFigures(result.scored, seed);
  if (rows !== undefined) writeRows(rows, result);
  if (json) {
    const { refits: blocks } = result;
    terminal.out(
      JSON.stringify({
        file,
        window: window / 1000,
        incidents: incidents.length,
        bad: bad.length,
        duplicates,
        ...figures,
        refits: blocks,
      }),
    );
    return;
  }
  for (const line of linesOf(figures, incidents.length, bad.length, duplicates)) terminal.out(line);
}

/** A thread for every core; one core does without. */
const threads = (refits: number) =>
  availableParallelism() < 2 ? 0 : Math.min(availableParallelism(), refits);

/** A line for every scored incident, in the order in which they opened. */
function writeRows(file: string, { scored }: Backtest): void {
  const lines = scored.map(({ incident, probability, hold, label }) =>
    JSON.stringify({
      id: incident.id,
      created_at: new Date(incident.createdAt).toISOString(),
      probability,
      hold,
      label,
    }),
  );
  try {
    writeFileSync(file, `${lines.join("\n")}\n`);
  } catch (error) {
    throw new CommandError(
      `${file} cannot be written: ${error instanceof Error ? error.message : "unknown error"}`,
    );
  }
}

function linesOf(
  figures: BacktestFigures,
  incidents: number,
  bad: number,
  duplicates: number,
): readonly string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const number = (value: number) => value.toFixed(3);
  const estimate = ({ value, low, high }: BacktestFigures["auc"]) =>
    `${number(value)}  (95 %: ${number(low)} to ${number(high)})`;
  const { baselines, precision, withinServiceAuc } = figures;
  const told = [
    `${incidents} incidents`,
    ...(bad > 0 ? [`${bad} rows left out`] : []),
    ...(duplicates > 0 ? [`${duplicates} told again`] : []),
    `${figures.scored} scored, of which ${percent(figures.baseRate)} resolved themselves`,
  ];
  return [
    told.join(", "),
    "",
    `AUC                  ${estimate(figures.auc)}`,
    `within services      ${withinServiceAuc === null ? "too few incidents" : number(withinServiceAuc)}`,
    `average precision    ${number(figures.averagePrecision)}`,
    `Brier score          ${estimate(figures.brier)}`,
    `calibration (ECE)    ${number(figures.ece)}`,
    "",
    "way                    pages spared  real ones delayed  held and right",
    wayLine("Mr Data", figures.pagesSpared, figures.realDelayed, precision),
    wayLine("page always", 0, 0, null),
    ...baselines.fixedDelay.map(({ minutes, pagesSpared, delayed }) =>
      wayLine(`fixed delay, ${minutes} min`, pagesSpared, delayed, null),
    ),
    "",
    `The alert type's own rate: AUC ${number(baselines.ownRate.auc)}, Brier ${number(baselines.ownRate.brier)}; a constant: Brier ${number(baselines.constant.brier)}.`,
    ...(figures.auc.low <= 0.5
      ? [
          "There is nothing to learn in this history: its interval of the AUC reaches .5. Leave the bot in shadow.",
        ]
      : []),
  ];
}

const wayLine = (way: string, spared: number, delayed: number, precision: number | null): string => {
  const cell = (share: number | null, width: number) =>
    (share === null ? "–" : `${(100 * share).toFixed(1)} %`).padStart(width);
  return `${way.padEnd(21)}${cell(spared, 14)}${cell(delayed, 19)}${cell(precision, 16)}`;
};
