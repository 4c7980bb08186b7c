import { knownAt } from "@mrdata/incident";
import { type Backtest, type BacktestOptions, refitJob, TREES } from "./backtest.ts";
import type { CertificateRule } from "./certificate.ts";
import { certificateRuleOf } from "./certified-choice.ts";
import { holdFigures } from "./group-figures.ts";
import { certificateOfBacktest } from "./hold-from.ts";
import { issuePredictions } from "./issue-predictions.ts";
import { blocksOf, labelledRows } from "./labelled-rows.ts";
import { refitAll } from "./refit-all.ts";
import { usualRule } from "./threshold.ts";
import { usualCensoredWay } from "./training-rows.ts";
import type { WindowRow } from "./window-row.ts";

const MINUTE = 60_000;

/** The windows that are set beside each other, milliseconds. */
export const TABLE_WINDOWS: readonly number[] = [1, 2, 3, 5, 10, 15].map((minutes) => minutes * MINUTE);

export type WindowTableOptions = Omit<BacktestOptions, "window" | "keeps"> & {
  /** Milliseconds since the epoch. */
  readonly now: number;
};

/**
 * Six hold windows from one replay: of each its own labels, models that learnt from these, and thresholds that are
 * certified on what was known of them when a block began. The window of the backtest has its answers; the others have
 * rougher ones, of the own rate and a boosting with one bag. The best of six looks is taken, so each has a sixth of delta
 * (Bonferroni). Features stay those of the backtest's window: rates of the past by that window.
 */
export async function windowTable(
  { whole, replay, blocks, answers }: Pick<Backtest, "whole" | "replay" | "blocks" | "answers">,
  options: WindowTableOptions,
  windows = TABLE_WINDOWS,
): Promise<readonly WindowRow[]> {
  const { refits, seed, trees = TREES, workers = 0, now, rule = usualRule, progress = () => {} } = options;
  const wanted = certificateRuleOf(options);
  const certificate: CertificateRule = { ...wanted, delta: wanted.delta / windows.length };
  const byCertificate = { ...rule, missBudget: certificate.budget };
  const parts = windows.map((window) => {
    if (window === replay.window) return { window, rows: replay, blocks, jobs: [] };
    const rows = labelledRows(whole, window);
    const own = blocksOf(rows, refits);
    const how = { seed, trees, way: options.censoredWay ?? usualCensoredWay, rough: true };
    return { window, rows, blocks: own, jobs: own.map((block) => refitJob(rows, block, how)) };
  });
  const jobs = parts.flatMap((part) => part.jobs);
  const rough = await refitAll(jobs, workers, (done, of) =>
    progress(`refit ${done} of ${of} for other windows`),
  );
  let next = 0;
  return parts.map(({ window, rows, blocks: own, jobs: { length } }): WindowRow => {
    const said = length === 0 ? answers : rough.slice(next, next + length);
    next += length;
    const issued = issuePredictions(rows, own, said, { rule: byCertificate, certificate });
    const { coverage, pagesSpared, realDelayed } = holdFigures(issued.scored, ({ hold }) => hold);
    const { certificate: promised } = certificateOfBacktest(
      { past: issued.past, incidents: rows.incidents.length },
      { rule, certificate, now },
    );
    return { windowSeconds: window / 1000, coverage, pagesSpared, realDelayed, certificate: promised };
  });
}

/** When the outcome of the last of a backtest's incidents is known: what a version of then would promise. */
export const lastKnownAt = ({ replay: { incidents, window } }: Pick<Backtest, "replay">): number =>
  incidents.reduce((latest, incident) => Math.max(latest, knownAt(incident, window)), 0);
