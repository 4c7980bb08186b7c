import { seedOf } from "@mrdata/forest";
import { type PastIncident, wasMerged } from "@mrdata/incident";
import type { CertificateRule } from "./certificate.ts";
import { certificateRuleOf } from "./certified-choice.ts";
import { chooseColumns, type DetailColumns } from "./detail-columns.ts";
import { type IssuedPredictions, issuePredictions } from "./issue-predictions.ts";
import { type Block, beforeScored, blocksOf, type LabelledRows, labelledRows } from "./labelled-rows.ts";
import type { LeftOutColumn } from "./leaks/leaks-among.ts";
import type { RefitJob } from "./refit.ts";
import { refitAll } from "./refit-all.ts";
import { type Replay, replayHistory } from "./replay.ts";
import { type ThresholdRule, usualRule } from "./threshold.ts";
import { type CensoredWay, usualCensoredWay } from "./training-rows.ts";

export type BacktestOptions = {
  /** The hold window, milliseconds. */
  readonly window: number;
  /** Blocks of the scored part, each predicted by models of its own. */
  readonly refits: number;
  readonly seed: number;
  readonly trees?: number;
  /** Threads that do the refits; 0 does them here. */
  readonly workers?: number;
  readonly rule?: ThresholdRule;
  /** What the learners make of rows of which nobody knows what would have become. */
  readonly censoredWay?: CensoredWay;
  /** True for a detail that is looked at although it seems to be known only afterwards. */
  readonly keeps?: (name: string) => boolean;
  /** What its certificates promise with which confidence; the rule's miss budget unless told, a tenth where that is no limit. */
  readonly certificate?: CertificateRule;
  readonly progress?: (sentence: string) => void;
};

export type Backtest = IssuedPredictions & {
  /** How many there were to learn from, merged ones left out. */
  readonly incidents: number;
  readonly merged: number;
  readonly details: DetailColumns;
  /** Details that are not looked at, and those that are although something speaks against them, with the reason. */
  readonly columnsLeftOut: readonly LeftOutColumn[];
  readonly columnsKept: readonly LeftOutColumn[];
  /** The features and labels that were learnt from, in order of opening. */
  readonly replay: LabelledRows;
  /** The same replay with what was merged, and what each learner answered in each block. */
  readonly whole: Replay;
  readonly blocks: readonly Block[];
  readonly answers: Awaited<ReturnType<typeof refitAll>>;
};

/** Fewer incidents than this say nothing about a model. */
export const LEAST_INCIDENTS = 200;
export const TREES = 100;

/**
 * A rolling-origin backtest: the last 40 % of the history is cut into blocks, and each is predicted by models that
 * learnt from everything whose outcome was known when the block began. Six more blocks before are predicted the same way
 * and not scored, so that there are past predictions to choose the learner, its calibration and the threshold on. Rejects
 * with RangeError for a history that is too short.
 */
export async function backtest(
  history: readonly PastIncident[],
  options: BacktestOptions,
): Promise<Backtest> {
  const { window, refits, seed, trees = TREES, workers = 0, rule = usualRule, progress = () => {} } = options;
  const { censoredWay: way = usualCensoredWay } = options;
  const { whole, details, ...columnsBeside } = readRows(history, options);
  const replay = labelledRows(whole, window);
  const blocks = blocksOf(replay, refits);
  const jobs = blocks.map((block) => refitJob(replay, block, { seed, trees, way, rough: false }));
  const answers = await refitAll(jobs, workers, (done, of) => progress(`refit ${done} of ${of}`));
  const issued = issuePredictions(replay, blocks, answers, { rule, certificate: certificateRuleOf(options) });
  const incidents = replay.incidents.length;
  const merged = history.length - incidents;
  return { ...issued, incidents, merged, details, ...columnsBeside, replay, whole, blocks, answers };
}

/** What is learnt and asked for one block. */
export function refitJob(
  { columns, labels, censored }: LabelledRows,
  { start, end, known, place }: Block,
  { seed, ...options }: Pick<RefitJob, "seed" | "trees" | "way" | "rough">,
): RefitJob {
  return { columns, labels, censored, known, start, end, seed: seedOf(seed, place), ...options };
}

/** The features of the whole history, and which details are among them. */
function readRows(
  history: readonly PastIncident[],
  { window, keeps, progress = () => {} }: Pick<BacktestOptions, "window" | "keeps" | "progress">,
) {
  const kept = history.filter((incident) => !wasMerged(incident, window));
  if (kept.length < LEAST_INCIDENTS)
    throw new RangeError(
      `the history has ${kept.length} incidents to learn from, and a backtest needs ${LEAST_INCIDENTS} at least`,
    );
  const first = beforeScored(kept, window);
  const { columns: details, leftOut, kept: columnsKept } = chooseColumns(first, window, keeps);
  progress(`reading the features of ${history.length} incidents`);
  const whole = replayHistory(history, window, details, (done, of) => {
    if (done % 25_000 === 0) progress(`features of ${done} of ${of} incidents`);
  });
  return { whole, details, columnsLeftOut: leftOut, columnsKept };
}
