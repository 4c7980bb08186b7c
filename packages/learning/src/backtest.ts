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
  readonly windowMs: number;
  /** Number of blocks of the scored part, each predicted by its own models. */
  readonly refits: number;
  readonly seed: number;
  readonly trees?: number;
  /** Number of threads for the refits; 0 runs them in this one. */
  readonly workers?: number;
  readonly rule?: ThresholdRule;
  /** How the learners use rows whose outcome without intervention is unknown. */
  readonly censoredWay?: CensoredWay;
  /** True for a detail that is used although it seems to be known only afterwards. */
  readonly keeps?: (name: string) => boolean;
  /**
   * The promise of its certificates and their confidence; by default the rule's miss budget, a tenth where that is no
   * limit.
   */
  readonly certificate?: CertificateRule;
  readonly progress?: (sentence: string) => void;
  /** The learners' settings; the defaults if omitted. */
  readonly settings?: LearnerSettings;
};

export type Backtest = IssuedPredictions & {
  /** The number of incidents to learn from, without merged ones. */
  readonly incidents: number;
  readonly merged: number;
  readonly details: DetailColumns;
  /** Details that are not used, and those used although something speaks against them, with the reason. */
  readonly columnsLeftOut: readonly LeftOutColumn[];
  readonly columnsKept: readonly LeftOutColumn[];
  /** The features and labels that were learnt from, in order of opening. */
  readonly replay: LabelledRows;
  /** The same replay including merged incidents, and each learner's answers in each block. */
  readonly whole: Replay;
  readonly blocks: readonly Block[];
  readonly answers: readonly RefitAnswers[];
};

/** With fewer incidents than this nothing can be concluded about a model. */
export const MIN_INCIDENTS = 200;
export const TREES = 100;

/**
 * A rolling-origin backtest: the last 40 % of the history is cut into blocks, and each is predicted by models trained
 * on everything whose outcome was known when the block began. Six more blocks before these are predicted the same way
 * and not scored, to provide past predictions for choosing the learner, its calibration and the threshold. Rejects with
 * RangeError for a history that is too short.
 */
export async function backtest(
  history: readonly PastIncident[],
  options: BacktestOptions,
): Promise<Backtest> {
  const { windowMs, refits, seed, trees = TREES, workers = 0, progress = () => {} } = options;
  const { censoredWay: way = usualCensoredWay } = options;
  const { whole, ...beside } = readRows(history, options);
  const replay = labelledRows(whole, windowMs);
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

/** A backtest before its blocks have answers. */
export type PreparedBacktest = Pick<Backtest, "whole" | "replay" | "blocks"> & ChosenDetails;

/** Scores the blocks by each learner's answers, in the order of the blocks. */
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

/** The training and test data of one block. */
export function refitJob(
  { columns, labels, censored, titleWords }: Pick<RefitJob, "columns" | "labels" | "censored" | "titleWords">,
  { start, end, known, place }: Block,
  { seed, ...options }: Pick<RefitJob, "seed" | "trees" | "way" | "rough" | "settings">,
): RefitJob {
  const words = titleWords === undefined ? {} : { titleWords };
  return { columns, labels, censored, ...words, known, start, end, seed: seedOf(seed, place), ...options };
}

/** The features of the whole history, and the details among them. */
function readRows(
  history: readonly PastIncident[],
  { windowMs, keeps, progress = () => {} }: Pick<BacktestOptions, "windowMs" | "keeps" | "progress">,
): ChosenDetails & Pick<Backtest, "whole"> {
  const chosen = detailsChosen(history, { windowMs, ...(keeps && { keeps }) });
  progress(`reading the features of ${history.length} incidents`);
  const whole = replayHistory(history, windowMs, chosen.details, (done, of) => {
    if (done % 25_000 === 0) progress(`features of ${done} of ${of} incidents`);
  });
  return { ...chosen, whole };
}

/** The details of a history that are used, and how many of its incidents were merged. */
export type ChosenDetails = Pick<Backtest, "details" | "merged" | "columnsLeftOut" | "columnsKept">;

/**
 * Chooses the details of a history to use, on its first part alone. Throws RangeError for a history that is too short.
 */
export function detailsChosen(
  history: readonly PastIncident[],
  { windowMs, keeps }: Pick<BacktestOptions, "windowMs" | "keeps">,
): ChosenDetails {
  const kept = history.filter((incident) => !wasMerged(incident, windowMs));
  if (kept.length < MIN_INCIDENTS)
    throw new RangeError(
      `the history has ${kept.length} incidents to learn from, and a backtest needs ${MIN_INCIDENTS} at least`,
    );
  const first = beforeScored(kept, windowMs);
  const { columns: details, leftOut, kept: columnsKept } = chooseColumns(first, windowMs, keeps);
  return { details, merged: history.length - kept.length, columnsLeftOut: leftOut, columnsKept };
}
