import { knownAt } from "@mrdata/incident";
import { type Backtest, type BacktestOptions, refitJob, TREES } from "./backtest.ts";
import type { CertificateRule } from "./certificate.ts";
import { certificateRuleOf } from "./certified-choice.ts";
import { holdFigures } from "./group-figures.ts";
import { certificateOfBacktest } from "./hold-from.ts";
import { issuePredictions } from "./issue-predictions.ts";
import { type Block, blocksOf, type LabelledRows, labelledRows } from "./labelled-rows.ts";
import type { RefitAnswers } from "./refit.ts";
import { refitAll } from "./refit-all.ts";
import type { Replay } from "./replay.ts";
import { usualRule } from "./threshold.ts";
import { usualCensoredWay } from "./training-rows.ts";
import type { WindowRow } from "./window-row.ts";

const MINUTE = 60_000;

/** The windows that are compared, milliseconds. */
export const TABLE_WINDOWS: readonly number[] = [1, 2, 3, 5, 10, 15].map((minutes) => minutes * MINUTE);

export type WindowTableOptions = Omit<BacktestOptions, "windowMs" | "keeps"> & {
  /** Milliseconds since the epoch. */
  readonly now: number;
};

/**
 * Six hold windows from one replay: each with its own labels, models trained on these, and thresholds certified on what
 * was known of them when a block began. The backtest's window has its answers; the others have rougher ones, from the
 * historical rate and boosting with one bag. The best of six results is picked, so each has a sixth of delta
 * (Bonferroni). Features remain those of the backtest's window: past rates for that window.
 */
export async function windowTable(
  tried: Pick<Backtest, "whole" | "replay" | "blocks" | "answers">,
  options: WindowTableOptions,
  windows = TABLE_WINDOWS,
): Promise<readonly WindowRow[]> {
  return windowRows(await triedWindows(tried, options, windows), options);
}

/** One row for each of the compared windows: every one counts as a comparison, whichever they are. */
export const windowRows = (
  parts: readonly TriedWindow[],
  options: Parameters<typeof windowRow>[1],
): readonly WindowRow[] => parts.map((part) => windowRow(part, options, parts.length));

/** A window of a backtest: its rows, and the answers for its blocks. */
export type TriedWindow = Parameters<typeof windowRow>[0];

/** The windows with their answers: the backtest's own, and rougher ones for the others. */
export async function triedWindows(
  tried: Pick<Backtest, "whole" | "replay" | "blocks" | "answers">,
  options: WindowTableOptions,
  windows = TABLE_WINDOWS,
): Promise<readonly TriedWindow[]> {
  const { workers = 0, progress = () => {} } = options;
  const parts = windows.map((windowMs) =>
    windowMs === tried.replay.windowMs
      ? { rows: tried.replay, blocks: tried.blocks, jobs: [] }
      : roughRefits(tried.whole, windowMs, options),
  );
  const jobs = parts.flatMap((part) => part.jobs);
  const rough = await refitAll(jobs, workers, (done, of) =>
    progress(`refit ${done} of ${of} for other windows`),
  );
  let next = 0;
  return parts.map(({ rows, blocks, jobs: { length } }) => {
    const answers = length === 0 ? tried.answers : rough.slice(next, next + length);
    next += length;
    return { rows, blocks, answers };
  });
}

/** The training jobs for a window other than the backtest's, one per block. */
export function roughRefits(
  whole: Replay,
  windowMs: number,
  { refits, seed, trees = TREES, censoredWay: way = usualCensoredWay }: WindowTableOptions,
) {
  const rows = labelledRows(whole, windowMs);
  const blocks = blocksOf(rows, refits);
  return {
    rows,
    blocks,
    jobs: blocks.map((block) => refitJob(rows, block, { seed, trees, way, rough: true })),
  };
}

/** The result for one of the compared windows, from the answers for its blocks. */
export function windowRow(
  {
    rows,
    blocks,
    answers,
  }: {
    readonly rows: LabelledRows;
    readonly blocks: readonly Block[];
    readonly answers: readonly RefitAnswers[];
  },
  { now, rule = usualRule, ...options }: Pick<WindowTableOptions, "now" | "rule" | "certificate">,
  windows: number,
): WindowRow {
  const wanted = certificateRuleOf({ ...options, rule });
  const certificate: CertificateRule = { ...wanted, delta: wanted.delta / windows };
  const byCertificate = { ...rule, missBudget: certificate.budget };
  const issued = issuePredictions(rows, blocks, answers, { rule: byCertificate, certificate });
  const { coverage, pagesSpared, realDelayed } = holdFigures(issued.scored, ({ hold }) => hold);
  const { certificate: promised } = certificateOfBacktest(
    { past: issued.past, incidents: rows.incidents.length },
    { rule, certificate, now },
  );
  return { windowSeconds: rows.windowMs / 1000, coverage, pagesSpared, realDelayed, certificate: promised };
}

/** When the outcome of the last of a backtest's incidents was known: a version of that time could promise this. */
export const lastKnownAt = ({ replay: { incidents, windowMs } }: Pick<Backtest, "replay">): number =>
  incidents.reduce((latest, incident) => Math.max(latest, knownAt(incident, windowMs)), 0);
