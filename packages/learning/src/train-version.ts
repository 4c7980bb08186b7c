import type { TrainingData } from "@mrdata/forest";
import { knownAt, type PastIncident } from "@mrdata/incident";
import {
  type Backtest,
  type BacktestOptions,
  backtest,
  certificateRuleOf,
  choiceOf,
  ratesOf,
  TREES,
} from "./backtest.ts";
import { backtestFigures } from "./backtest-figures.ts";
import { type CertificateRule, type CertifyingRow, certificateOf, walkThresholds } from "./certificate.ts";
import { saidOfPast } from "./choose-on-past.ts";
import { presenceOf } from "./detail-presence.ts";
import { trainLearner } from "./learners.ts";
import { learntRanges } from "./learnt-range.ts";
import type { ModelCard } from "./model-card.ts";
import { type ModelVersion, realRows } from "./model-version.ts";
import { suspicionRemark, suspicionsOf } from "./suspicions.ts";
import {
  chooseThreshold,
  type HeldOfPast,
  heldFrom,
  type Issued,
  type ThresholdRule,
  usualRule,
} from "./threshold.ts";

export type TrainOptions = Omit<BacktestOptions, "rule"> & {
  readonly rule: ThresholdRule;
  /** Milliseconds since the epoch: what was not known by then is not learnt from. */
  readonly now: number;
};

export type TrainedVersion = Omit<ModelVersion, "card"> & {
  readonly card: Omit<ModelCard, "files">;
  readonly backtest: Backtest;
  /**
   * What the version's threshold would have done with the past predictions that it was chosen on; null where it holds
   * nothing. The card's figures are the backtest's, where each block had a threshold of its own.
   */
  readonly onPast: HeldOfPast | null;
};

/** Past predictions that a version keeps, the latest: enough to tell how sure it is. */
const MOST_PAST = 2_000;

/**
 * Trains a version on the whole history. A backtest comes first: learner, calibration and threshold are chosen by its
 * predictions, each of which knew nothing but its own past. Where the backtest shows that nothing can be learnt, the
 * version holds nothing, and says so. Rejects with RangeError for a history that is too short.
 */
export async function trainVersion(
  history: readonly PastIncident[],
  options: TrainOptions,
): Promise<TrainedVersion> {
  const { seed, trees = TREES, workers = 0, progress = () => {} } = options;
  const chosen = chooseVersion(await backtest(history, options), options);
  const { learner } = chosen.card;
  progress(`training ${learner} on ${chosen.backtest.replay.incidents.length} incidents`);
  return {
    ...chosen,
    model: await trainLearner(learner, knownRows(chosen.backtest, options), { seed, trees, workers }),
  };
}

/** All of a version but its model, which the card's learner makes of what was known. */
export type ChosenVersion = Omit<TrainedVersion, "model">;

/** Places of the rows whose label is known. */
const knownPlaces = (
  { replay }: Pick<Backtest, "replay">,
  { now, window }: Pick<TrainOptions, "now" | "window">,
) =>
  Int32Array.from(replay.incidents.keys()).filter((i) => {
    const incident = replay.incidents[i];
    return incident !== undefined && knownAt(incident, window) <= now;
  });

/** What a version is made from: the rows of a backtest whose label is known. */
export function knownRows(
  tried: Pick<Backtest, "replay" | "labels">,
  options: Pick<TrainOptions, "now" | "window">,
): TrainingData {
  const known = knownPlaces(tried, options);
  return {
    columns: tried.replay.columns.map((column) => Float32Array.from(known, (i) => column[i] ?? Number.NaN)),
    labels: Uint8Array.from(known, (i) => tried.labels[i] ?? 0),
  };
}

/** Chooses learner, calibration and threshold of a version on what a backtest predicted. */
export function chooseVersion(tried: Backtest, options: TrainOptions): ChosenVersion {
  const { seed, rule, now, window } = options;
  const { replay } = tried;
  const figures = backtestFigures(tried.scored, { seed });
  const past = tried.past.filter((one) => one.knownAt <= now);
  const known = knownPlaces(tried, options);
  const wanted = certificateRuleOf(options);
  const { choice, certifying, certificateRule } = choiceOf(past, known.length, wanted);
  const { learner, calibration } = choice;
  const said = saidOfPast(choice, past);
  const hopeless = figures.auc.low <= 0.5;
  const held = holdFrom(said, certifying, rule, certificateRule);
  const threshold = hopeless ? null : held.threshold;
  const certificate = hopeless ? null : held.certificate;
  const rates = ratesOf(past, wanted);
  const rateHeld = holdFrom(rates, rates, { ...rule, missBudget: wanted.budget }, wanted);
  const fallback = rateHeld.certificate === null ? null : { certificate: rateHeld.certificate };

  const data = knownRows(tried, options);
  const opened = (i: number) => new Date(replay.incidents[known.at(i) ?? 0]?.createdAt ?? 0).toISOString();
  const suspicions = suspicionsOf(figures, threshold);
  const remark =
    (hopeless ? HOPELESS : held.remark) ?? (suspicions.length === 0 ? null : suspicionRemark(suspicions));
  const { columnsLeftOut, columnsKept } = tried;
  return {
    calibration,
    past: said
      .slice(-MOST_PAST)
      .map(({ probability }) => Number(probability.toFixed(4)))
      .sort((a, b) => a - b),
    details: tried.details,
    ranges: learntRanges(data),
    presence: presenceOf(data, tried.details),
    certifying: {
      version: realRows(certifying),
      fallback: realRows(rates),
    },
    card: {
      schema: 1,
      trainedAt: new Date(now).toISOString(),
      window: window / 1000,
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
      certificateDays: certificateRule.days,
      fallback,
      figures,
    },
    backtest: tried,
    onPast: threshold === null ? null : heldFrom(said, threshold),
  };
}

const HOPELESS =
  "There is nothing to learn in this history: the interval of its AUC reaches .5. This version holds nothing.";

/** Where something holds from, by which certificate; and what whoever promotes it must know. */
type HeldFrom = Pick<ModelCard, "threshold" | "certificate" | "remark">;

/** What a version that is trained on all of a backtest's history would promise; null where nothing can be certified. */
export function certificateOfBacktest(
  { past, replay }: Backtest,
  options: Pick<BacktestOptions, "rule" | "certificate"> & { readonly now: number },
): Pick<ModelCard, "certificate" | "remark"> {
  const { now, rule = usualRule } = options;
  const wanted = certificateRuleOf(options);
  const told = past.filter((one) => one.knownAt <= now);
  const { choice, certifying, certificateRule } = choiceOf(told, replay.incidents.length, wanted);
  const said = saidOfPast(choice, told);
  return holdFrom(said, certifying, { ...rule, missBudget: certificateRule.budget }, certificateRule);
}

/**
 * The lowest threshold that is right as often as the rule wants, among those that the certificate allows. A miss budget of
 * 1 asks for no certificate: what has none holds nothing of an armed service.
 */
function holdFrom(
  said: readonly Issued[],
  certifying: readonly CertifyingRow[],
  rule: ThresholdRule,
  certificateRule: CertificateRule,
): HeldFrom {
  if (rule.missBudget >= 1) {
    const threshold = chooseThreshold(said, rule);
    return {
      threshold,
      certificate: null,
      remark:
        threshold === null ? NEVER_RIGHT : "It has no certificate: it was trained without a miss budget.",
    };
  }
  const walk = walkThresholds(certifying, certificateRule);
  if (walk.lowest === null)
    return { threshold: null, certificate: null, remark: `${walk.reason}. This version holds nothing.` };
  const threshold = chooseThreshold(said, { ...rule, missBudget: 1 }, walk.lowest);
  if (threshold === null) return { threshold, certificate: null, remark: NEVER_RIGHT };
  return { threshold, certificate: certificateOf(threshold, certifying, certificateRule), remark: null };
}

const NEVER_RIGHT = "No probability was right often enough on past predictions. This version holds nothing.";
