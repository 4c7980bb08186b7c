import { itemAt, outOfRange } from "@mrdata/base";
import type { TrainingData, TreeModel } from "@mrdata/forest";
import { knownAt, type PastIncident } from "@mrdata/incident";
import { type Backtest, type BacktestOptions, backtest, TREES } from "./backtest.ts";
import { backtestFigures } from "./backtest-figures.ts";
import { certificateRuleOf, choiceOf, ratesOf } from "./certified-choice.ts";
import { outOfSamplePredictions } from "./choose-on-past.ts";
import { presenceOf } from "./detail-presence.ts";
import { fallbackVersion, type UnsealedVersion } from "./fallback-version.ts";
import { fitTitleComponents, wordsOfComponents } from "./fit-title-components.ts";
import { fitValueEffects } from "./fit-value-effects.ts";
import { holdFrom } from "./hold-from.ts";
import { type Learner, trainLearner, trainMean } from "./learners.ts";
import { learntRanges } from "./learnt-range.ts";
import { levelsOfPast } from "./levels-of-past.ts";
import { type MeanWeights, meanWeights } from "./mean-of-learners.ts";
import { realRows } from "./model-version.ts";
import { namesLearnt } from "./names/learnt-name-column.ts";
import { remarkOfOneSide } from "./one-side.ts";
import { suspicionRemark, suspicionsOf } from "./suspicions.ts";
import { type HeldOfPast, heldFrom, type ThresholdRule } from "./threshold.ts";
import { componentColumns, type TitleComponents } from "./title-components.ts";
import { titleWordsOf } from "./title-words.ts";
import { trainingRows } from "./training-rows.ts";
import { valueAt } from "./value-at.ts";
import type { WindowRow } from "./window-row.ts";
import { windowTable } from "./window-table.ts";

export type TrainOptions = Omit<BacktestOptions, "rule"> & {
  readonly rule: ThresholdRule;
  /** Milliseconds since the epoch: what was not known by then is not used for training. */
  readonly now: number;
  /** Whether to evaluate other hold windows: that takes a quarter more time. */
  readonly windows?: boolean;
};

export type TrainedVersion = UnsealedVersion & {
  /** The weight of each member of the mean of learners, from the same past. */
  readonly weights: MeanWeights;
  /** The alert type's historical rate as a version of its own; null where it has no certificate. */
  readonly fallbackVersion: UnsealedVersion | null;
  readonly backtest: Backtest;
  /**
   * The result of the version's threshold on the past predictions that it was chosen on; null where it holds nothing.
   * The card's figures are the backtest's, where each block had a threshold of its own.
   */
  readonly onPast: HeldOfPast | null;
};

/** The number of latest past predictions that a version stores: enough to estimate its uncertainty. */
const MAX_PAST = 2_000;

/**
 * Trains a version on the whole history. A backtest comes first: learner, calibration and threshold are chosen by its
 * predictions, each of which used only its own past. Where the backtest finds no signal, the version holds nothing, and
 * says so. Rejects with RangeError for a history that is too short.
 */
export async function trainVersion(
  history: readonly PastIncident[],
  options: TrainOptions,
): Promise<TrainedVersion> {
  const { progress = () => {} } = options;
  const tried = await backtest(history, options);
  const data = await rowsOfVersion(tried, {}, options);
  const windows = options.windows === true ? await windowTable(tried, options) : undefined;
  const chosen = chooseVersion({ tried, data, windows }, options);
  progress(`training ${chosen.card.learner} on ${tried.replay.incidents.length} incidents`);
  const own = chosen.titleComponents === undefined ? data : await rowsOfVersion(tried, chosen, options);
  return { ...chosen, model: await trainChosen(chosen, own, options) };
}

/** A version without its model, which `trainChosen` makes. */
export type ChosenVersion = Omit<TrainedVersion, "model" | "card"> & {
  readonly card: TrainedVersion["card"] & { readonly learner: Learner };
};

/** Trains the chosen learner; `data` includes the chosen components of titles. Rejects as `trainLearner` does. */
export async function trainChosen(
  {
    card: { learner },
    weights,
    titleComponents = [],
  }: Pick<ChosenVersion, "weights" | "titleComponents"> & { readonly card: { readonly learner: Learner } },
  data: TrainingData,
  {
    seed,
    trees = TREES,
    workers = 0,
    settings,
  }: Pick<TrainOptions, "seed" | "trees" | "workers" | "settings">,
): Promise<TreeModel> {
  const components = titleComponents.length;
  const how = { seed, trees, workers, components, ...(settings && { settings }) };
  return learner === "mean" ? trainMean(weights, data, how) : trainLearner(learner, data, how);
}

/** Indexes of the rows whose label is known. */
const knownPlaces = ({ replay }: Pick<Backtest, "replay">, { now }: Pick<TrainOptions, "now">): Int32Array =>
  Int32Array.from(replay.incidents.keys()).filter((i) => {
    const incident = replay.incidents[i];
    return incident !== undefined && knownAt(incident, replay.windowMs) <= now;
  });

/**
 * The training data of a version: the rows of a backtest with a known label, with the components of titles that it
 * uses. Rejects as `trainLearner` does.
 */
export function rowsOfVersion(
  tried: Pick<Backtest, "replay">,
  { titleComponents = [] }: { readonly titleComponents?: TitleComponents | undefined },
  options: Pick<TrainOptions, "now" | "censoredWay">,
): Promise<TrainingData> {
  const { replay } = tried;
  const added =
    titleComponents.length === 0 ? [] : componentColumns(titleComponents, titleWordsOf(replay.incidents));
  const rows = { ...replay, columns: [...replay.columns, ...added], known: knownPlaces(tried, options) };
  return trainingRows(rows, options.censoredWay);
}

/**
 * The components of titles that a learner uses, fitted on all its training titles, with their descriptions; none where
 * it uses no words, or where its settings ask for none.
 */
function componentsFor(
  learner: Learner,
  { replay, known }: Pick<Backtest, "replay"> & { readonly known: Int32Array },
  { settings }: Pick<TrainOptions, "settings">,
): { readonly titleComponents: TitleComponents; readonly about: readonly string[] } | null {
  const wanted = settings?.worded.components ?? 0;
  if (wanted === 0 || (learner !== "worded" && learner !== "mean")) return null;
  const incidents = Array.from(known, (i) => valueAt(replay.incidents, i));
  const words = titleWordsOf(incidents);
  const titleComponents = fitTitleComponents(words, Int32Array.from(incidents.keys()), wanted);
  if (titleComponents.length === 0) return null;
  return { titleComponents, about: wordsOfComponents(titleComponents, incidents) };
}

/** A backtest, the training rows of its version, and the results for other hold windows. */
export type Tried = {
  readonly tried: Backtest;
  readonly data: TrainingData;
  readonly windows?: readonly WindowRow[] | undefined;
};

/** Chooses a version's learner, calibration and threshold on a backtest's predictions. */
export function chooseVersion({ tried, data, windows }: Tried, options: TrainOptions): ChosenVersion {
  const { windowMs, seed, rule, now } = options;
  const { replay } = tried;
  const figures = backtestFigures(tried.scored, { seed });
  const past = tried.past.filter((one) => one.knownAt <= now);
  const known = knownPlaces(tried, options);
  // Unconfirmed incidents do not make anything familiar: neither families of alerts nor ranges of features.
  const own = known.filter((i) => replay.apart?.has(valueAt(replay.incidents, i).id) !== true);
  const ownData = own.length === known.length ? data : dataOf(replay, own);
  const wanted = certificateRuleOf(options);
  const { choice, certifying, certificateRule } = choiceOf(past, known.length, wanted);
  const { learner, calibration } = choice;
  const said = outOfSamplePredictions(choice, past);
  const components = componentsFor(learner, { replay, known }, options);
  const noSignal = figures.auc.low <= 0.5;
  const held = holdFrom(said, certifying, rule, certificateRule);
  const threshold = noSignal ? null : held.threshold;
  const certificate = noSignal ? null : held.certificate;
  const rates = ratesOf(past, wanted);
  const rateHeld = holdFrom(rates, rates, { ...rule, missBudget: wanted.budget }, wanted);
  const fallback = rateHeld.certificate === null ? null : { certificate: rateHeld.certificate };

  const opened = (i: number) =>
    new Date(itemAt(replay.incidents, known.at(i) ?? outOfRange()).createdAt).toISOString();
  const suspicions = suspicionsOf(figures, threshold);
  const remark =
    remarkOfOneSide(figures.baseRate, held.remark) ??
    (noSignal ? NO_SIGNAL : held.remark) ??
    (suspicions.length === 0 ? null : suspicionRemark(suspicions));
  const { columnsLeftOut, columnsKept } = tried;
  const card: ChosenVersion["card"] = {
    schema: 1,
    trainedAt: new Date(now).toISOString(),
    window: windowMs / 1000,
    learner,
    threshold,
    rule,
    seed,
    incidents: known.length,
    from: opened(0),
    to: opened(-1),
    services: new Set(replay.incidents.map(({ service }) => service)).size,
    remark,
    suspicions,
    columnsLeftOut,
    columnsKept,
    certificate,
    ageWeighted: noSignal ? undefined : held.ageWeighted,
    certificateDays: certificateRule.days,
    fallback,
    levels: levelsOfPast(
      Array.from(own, (i) => ({
        incident: valueAt(replay.incidents, i),
        label: replay.labels[i] === 1 ? 1 : 0,
      })),
    ),
    windows,
    figures,
  };
  const learntNames = namesLearnt(
    Array.from(own, (i) => valueAt(replay.incidents, i)),
    { windowMs, now },
  );
  return {
    weights: meanWeights(past),
    calibration,
    past: said
      .slice(-MAX_PAST)
      .map(({ probability }) => Number(probability.toFixed(4)))
      .sort((a, b) => a - b),
    details: components === null ? tried.details : { ...tried.details, components: components.about },
    titleComponents: components?.titleComponents,
    valueEffects:
      tried.details.effects === true
        ? fitValueEffects(replay.incidents, { windowMs, texts: tried.details.texts, now })
        : undefined,
    learntNames,
    ranges: learntRanges(ownData),
    presence: presenceOf(ownData, tried.details),
    certifying: {
      version: realRows(certifying),
      fallback: realRows(rates),
    },
    card,
    fallbackVersion: fallbackVersion(tried, { rates, rule, certificateRule: wanted, card, learntNames }),
    backtest: tried,
    onPast: threshold === null ? null : heldFrom(said, threshold),
  };
}

const dataOf = ({ columns, labels }: Backtest["replay"], rows: Int32Array): TrainingData => ({
  columns: columns.map((column) => Float32Array.from(rows, (i) => valueAt(column, i))),
  labels: Uint8Array.from(rows, (i) => valueAt(labels, i)),
});

const NO_SIGNAL =
  "There is nothing to learn in this history: the interval of its AUC reaches .5. This version holds nothing.";
