import { outOfRange } from "@mrdata/base";
import { type Calibration, calibrate, fitTemperature } from "@mrdata/forest";
import type { CertifyingRow } from "./certificate.ts";
import { type Learner, learners, type OfEach, ofEach } from "./learners.ts";
import type { LabelledPrediction } from "./threshold.ts";

/** A past prediction: each learner's answer, and the answer with a temperature fitted at that time. */
export type Predicted = LabelledPrediction & {
  readonly raw: OfEach<number>;
  readonly scaled: OfEach<number>;
  /** Whether the models had enough data to be comparable to the next one (hasEnoughData). */
  readonly grown: boolean;
  /** The same with a temperature centred on the share that had resolved itself by then. */
  readonly aroundUsual: OfEach<number>;
  /**
   * The share of all incidents with a label known by then that had resolved itself: the answer without any information.
   */
  readonly share: number;
  /** The alert type's historical rate. */
  readonly rate: number;
  /** When the label became known, milliseconds since the epoch. */
  readonly knownAt: number;
  /** Whether the outcome without intervention is unknown: its label is then 0. Omitted where it is known. */
  readonly censored?: boolean | undefined;
  /** The prediction's incident, and when it opened, milliseconds since the epoch. */
  readonly id: string;
  readonly openedAt: number;
};

export type Choice = { readonly learner: Learner; readonly calibration: Calibration };

/** Minimum number of past predictions for fitting a temperature, and for choosing a learner outside the sequence. */
export const MIN_PAST = 100;
/** Minimum number of past predictions for choosing a learner by them; below it the amount of training data decides. */
const MIN_PREDICTIONS = 40;
/**
 * Number of rows from which boosting is assumed to have learnt more than the historical rate, while no prediction
 * shows it.
 */
const MUCH = 500;
const identity: Calibration = { kind: "identity" };
/** In order of complexity. */
const candidates = ["rates", "shallow", "boosting"] as const satisfies readonly Learner[];
/** The minimum gain of the Brier score that justifies a change. */
const MIN_BRIER_GAIN = 0.001;

/** Temperatures on the raw answers of past predictions (Guo et al. 2017). */
export const temperaturesOn = (past: readonly Predicted[], around?: number): OfEach<Calibration> =>
  ofEach((learner) =>
    past.length < MIN_PAST
      ? identity
      : fitTemperature(
          past.map(({ raw }) => raw[learner]),
          past.map(({ label }) => label),
          around,
        ),
  );

/** The share of incidents that resolved themselves, with one imagined outcome of each kind. */
export const shareOf = (past: readonly Pick<LabelledPrediction, "label">[]): number =>
  (past.reduce((sum, { label }) => sum + label, 0) + 1) / (past.length + 2);

/** So large that the answer is the central share whatever a model says. */
const FLAT = 1e9;

/**
 * Chooses learner and calibration for the future on past predictions. `learntFrom` is the number of rows that the next
 * model has to learn from.
 *
 * First the candidates in order of complexity, from the historical rate to boosting: a more complex one is taken if it
 * was better on the past by one standard error of the paired difference of the Brier scores (Breiman et al. 1984, the
 * one-standard-error rule), so that with little past the simple answer wins. Its temperature is fitted on the past.
 * Then any other candidate that was clearly better: by .001 and two standard errors. Smaller differences are chance,
 * and chasing them costs more than it gains. These candidates are each learner, and the mean of them, uncalibrated,
 * with a temperature around .5, and with one around the share that resolved itself so far, which follows no drift, and
 * is right where few or nearly all resolve themselves and little predicts which.
 *
 * If no candidate in the sequence was better than always answering that share, the share is used instead. A replacement
 * for it, or for the historical rate, both of which learn next to nothing, must have been better on the later half of
 * the past by one standard error: a learner improves with more data.
 */
export function chooseOnPast(past: readonly Predicted[], learntFrom: number): Choice {
  const step = ladderOn(past, learntFrom);
  if (past.length < MIN_PAST) return { learner: step, calibration: identity };
  const share = shareOf(past);
  const temperatures = temperaturesOn(past);
  const usuals = temperaturesOn(past, share);
  const stepped = past.map(({ scaled }) => scaled[step]);
  const shares = past.map(({ share: answer }) => answer);
  const half = Math.floor(past.length / 2);
  const flat = { kind: "temperature", temperature: FLAT, around: share } as const;
  const standing: Choice & { readonly answers: readonly number[]; readonly from: number } =
    brierOf(shares, past) <= brierOf(stepped, past)
      ? { learner: "rates", calibration: flat, answers: shares, from: half }
      : {
          learner: step,
          calibration: temperatures[step],
          answers: stepped,
          from: step === "rates" ? half : 0,
        };
  const zScore = standing.from === 0 ? 2 : 1;
  const { from } = standing;
  let best: Choice & { readonly gain: number } = { ...standing, gain: 0 };
  for (const learner of learners) {
    const candidates = [
      { calibration: temperatures[learner], answers: past.map(({ scaled }) => scaled[learner]) },
      { calibration: identity, answers: past.map(({ raw }) => raw[learner]) },
      { calibration: usuals[learner], answers: past.map(({ aroundUsual: answers }) => answers[learner]) },
    ];
    for (const { calibration, answers } of candidates) {
      const gain =
        gainOver(standing.answers.slice(from), answers.slice(from), past.slice(from), zScore) -
        MIN_BRIER_GAIN;
      if (gain > best.gain) best = { learner, calibration, gain };
    }
  }
  return { learner: best.learner, calibration: best.calibration };
}

/** How complex a candidate the past justifies. */
function ladderOn(past: readonly Predicted[], learntFrom: number): Learner {
  if (past.length < MIN_PREDICTIONS) return learntFrom < MUCH ? "rates" : "boosting";
  const answersOf = (learner: Learner) => past.map(({ scaled }) => scaled[learner]);
  let standing: Learner = candidates[0];
  for (const learner of candidates.slice(1))
    if (gainOver(answersOf(standing), answersOf(learner), past, 1) > 0) standing = learner;
  return standing;
}

/**
 * Out-of-sample predictions of the chosen learner with its final calibration. A threshold is chosen on these:
 * probabilities as issued at the time are on the scales of other temperatures, so a threshold on them means something
 * else. Predictions of models trained on too little history are excluded: they are overconfident, and would prevent
 * every hold.
 */
export const outOfSamplePredictions = (
  { learner, calibration }: Choice,
  past: readonly Pick<Predicted, "raw" | "label" | "grown" | "id" | "openedAt" | "censored">[],
): readonly CertifyingRow[] =>
  past
    .filter(({ grown }) => grown)
    .map(({ raw, label, id, openedAt, censored }) => ({
      id,
      openedAt,
      probability: calibrate(calibration, raw[learner]),
      label,
      censored,
    }));

const brierOf = (answers: readonly number[], past: readonly LabelledPrediction[]): number =>
  past.reduce((sum, { label }, i) => sum + ((answers[i] ?? outOfRange()) - label) ** 2, 0) / past.length;

/** How much lower the other answers' Brier score is, minus this many standard errors of the difference. */
function gainOver(
  standing: readonly number[],
  other: readonly number[],
  past: readonly LabelledPrediction[],
  zScore: number,
): number {
  const n = past.length;
  const differences = past.map(
    ({ label }, i) =>
      ((standing[i] ?? outOfRange()) - label) ** 2 - ((other[i] ?? outOfRange()) - label) ** 2,
  );
  const mean = differences.reduce((sum, one) => sum + one, 0) / n;
  const variance = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, n - 1);
  return mean - zScore * Math.sqrt(variance / n);
}
