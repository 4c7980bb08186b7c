import { seedOf } from "@mrdata/forest";
import { type PastIncident, wasMerged } from "@mrdata/incident";
import type { CertificateRule } from "./certificate.ts";
import { certificateRuleOf } from "./certified-choice.ts";
import { chooseColumns, type DetailColumns } from "./detail-columns.ts";
import { type IssuedPredictions, issuePredictions } from "./issue-predictions.ts";
import { type Block, beforeScored, blocksOf, type LabelledRows, labelledRows } from "./labelled-rows.ts";
import type { LeftOutColumn } from "./leaks/leaks-among.ts";
import { type LearnerSettings, usualLearnerSettings } from "./learner-settings.ts";
import type { RefitAnswers, RefitJob } from "./refit.ts";
import { refitAll } from "./refit-all.ts";
import { type Replay, replayHistory } from "./replay.ts";
import { type ThresholdRule, usualRule } from "./threshold.ts";
import { titleWordsOf } from "./title-words.ts";
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
  /** What the learners are made with, as usual if left out. */
  readonly settings?: LearnerSettings;
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
  readonly answers: readonly RefitAnswers[];
};

/** Fewer incidents than this say nothing about a model. */
export const MIN_INCIDENTS = 200;
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
  const { window, refits, seed, trees = TREES, workers = 0, progress = () => {} } = options;
  const { censoredWay: way = usualCensoredWay } = options;
  const { whole, ...beside } = readRows(history, options);
  const replay = labelledRows(whole, window);
  const blocks = blocksOf(replay, refits);
  const how = { seed, trees, way, rough: false, ...(options.settings && { settings: options.settings }) };
  const { components } = (options.settings ?? usualLearnerSettings(trees)).worded;
  const titleWords = components === 0 ? null : titleWordsOf(replay.incidents);
  const jobs = blocks.map((block) =>
    refitJob({ ...replay, ...(titleWords !== null && { titleWords }) }, block, how),
  );
  const answers = await refitAll(jobs, workers, (done, of) => progress(`refit ${done} of ${of}`));
  return scoreBacktest({ ...beside, whole, replay, blocks }, answers, options);
}

/** All that there is of a backtest before its blocks have answers. */
export type PreparedBacktest = Pick<Backtest, "whole" | "replay" | "blocks"> & ChosenDetails;

/** Scores the blocks by what each learner answered for them, in the order of the blocks. */
export function scoreBacktest(
  prepared: PreparedBacktest,
  answers: readonly RefitAnswers[],
  options: Pick<BacktestOptions, "rule" | "certificate">,
): Backtest {
  const { replay, blocks } = prepared;
  const rules = { rule: options.rule ?? usualRule, certificate: certificateRuleOf(options) };
  const issued = issuePredictions(replay, blocks, answers, rules);
  return { ...issued, ...prepared, incidents: replay.incidents.length, answers };
}

/** What is learnt and asked for one block. */
export function refitJob(
  { columns, labels, censored, titleWords }: Pick<RefitJob, "columns" | "labels" | "censored" | "titleWords">,
  { start, end, known, place }: Block,
  { seed, ...options }: Pick<RefitJob, "seed" | "trees" | "way" | "rough" | "settings">,
): RefitJob {
  const words = titleWords === undefined ? {} : { titleWords };
  return { columns, labels, censored, ...words, known, start, end, seed: seedOf(seed, place), ...options };
}

/** The features of the whole history, and which details are among them. */
function readRows(
  history: readonly PastIncident[],
  { window, keeps, progress = () => {} }: Pick<BacktestOptions, "window" | "keeps" | "progress">,
): ChosenDetails & Pick<Backtest, "whole"> {
  const chosen = detailsChosen(history, { window, ...(keeps && { keeps }) });
  progress(`reading the features of ${history.length} incidents`);
  const whole = replayHistory(history, window, chosen.details, (done, of) => {
    if (done % 25_000 === 0) progress(`features of ${done} of ${of} incidents`);
  });
  return { ...chosen, whole };
}

/** Which details of a history are looked at, and how many of its incidents were merged. */
export type ChosenDetails = Pick<Backtest, "details" | "merged" | "columnsLeftOut" | "columnsKept">;

/**
 * Which details of a history are looked at, chosen on its first part alone. Throws RangeError for a history that is too
 * short.
 */
export function detailsChosen(
  history: readonly PastIncident[],
  { window, keeps }: Pick<BacktestOptions, "window" | "keeps">,
): ChosenDetails {
  const kept = history.filter((incident) => !wasMerged(incident, window));
  if (kept.length < MIN_INCIDENTS)
    throw new RangeError(
      `the history has ${kept.length} incidents to learn from, and a backtest needs ${MIN_INCIDENTS} at least`,
    );
  const first = beforeScored(kept, window);
  const { columns: details, leftOut, kept: columnsKept } = chooseColumns(first, window, keeps);
  return { details, merged: history.length - kept.length, columnsLeftOut: leftOut, columnsKept };
}
