import { outOfRange } from "@mrdata/base";
import { type Calibration, calibrate, fitTemperature } from "@mrdata/forest";
import type { CertifyingRow } from "./certificate.ts";
import { type Learner, learners, type OfEach, ofEach } from "./learners.ts";
import type { LabelledPrediction } from "./threshold.ts";

/** A prediction of the past: what each learner said, and what a temperature fitted at that time would have made of it. */
export type Predicted = LabelledPrediction & {
  readonly raw: OfEach<number>;
  readonly scaled: OfEach<number>;
  /** Whether the models had learnt from enough to be anything like the one that comes next. */
  readonly grown: boolean;
  /** The same, with a temperature around the share that had resolved itself by then. */
  readonly aroundUsual: OfEach<number>;
  /** The share of all whose label was known by then that had resolved itself: what whoever knows nothing answers. */
  readonly share: number;
  /** The alert type's own rate. */
  readonly rate: number;
  /** When the label was known, milliseconds since the epoch. */
  readonly knownAt: number;
  /** Whether nobody knows what would have become of it: its label is 0. Left out where it is known. */
  readonly censored?: boolean | undefined;
  /** Which incident it was of, and when that opened, milliseconds since the epoch. */
  readonly id: string;
  readonly openedAt: number;
};

export type Choice = { readonly learner: Learner; readonly calibration: Calibration };

/** Past predictions from which on a temperature is fitted on them, and anything but the ladder's learners is taken. */
export const MIN_PAST = 100;
/** Past predictions from which on a learner is chosen by them; before, by how much there was to learn from. */
const MIN_PREDICTIONS = 40;
/** Rows from which on boosting is believed to have learnt more than the own rate says, while no prediction shows it. */
const MUCH = 500;
const identity: Calibration = { kind: "identity" };
/** From the simplest to the one that follows most. */
const ladder = ["rates", "shallow", "boosting"] as const satisfies readonly Learner[];
/** A difference of the Brier score that is worth a change. */
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

/** The share of incidents that resolved itself, with one of each outcome imagined. */
export const shareOf = (past: readonly Pick<LabelledPrediction, "label">[]): number =>
  (past.reduce((sum, { label }) => sum + label, 0) + 1) / (past.length + 2);

/** So large that whatever a model says, the share around which it is is the answer. */
const FLAT = 1e9;

/**
 * The learner and the calibration for what comes next, chosen on past predictions. `learntFrom` is how many rows the
 * next model has to learn from.
 *
 * First the ladder, from the own rate to boosting: a step up is taken where it was better on the past by one standard
 * error of the paired difference of the Brier scores (Breiman et al. 1984, the rule of one standard error), so that with
 * little past the simple answer stands. Its temperature is fitted on the past. Then anything else, if it was clearly
 * better: by .001 and two standard errors. What differs by less is chance, and chasing it costs more than it gives. That
 * is each learner, and the mean of them, as it is, with its temperature around .5, and around the share that resolved itself so far, which follows
 * no drift, and is right where few or nearly all resolve themselves and little tells which.
 *
 * Where the ladder was no better than to answer that share always, the share stands instead. What is to replace it, or
 * the own rate, which learn next to nothing, must have been better on the later half of the past, by one standard error:
 * whoever learns is better the more there was to learn from.
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

/** How far up the ladder the past leads. */
function ladderOn(past: readonly Predicted[], learntFrom: number): Learner {
  if (past.length < MIN_PREDICTIONS) return learntFrom < MUCH ? "rates" : "boosting";
  const answersOf = (learner: Learner) => past.map(({ scaled }) => scaled[learner]);
  let standing: Learner = ladder[0];
  for (const learner of ladder.slice(1))
    if (gainOver(answersOf(standing), answersOf(learner), past, 1) > 0) standing = learner;
  return standing;
}

/**
 * What the chosen learner, calibrated as it will be, says of the past. A threshold is chosen on these: probabilities as
 * they were issued at the time are on the scales of other temperatures, and a threshold among them means something else.
 * Beginners are left out: they are sure of what they do not know, and by their guesses nothing would ever be held.
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

/** How much lower the other answers' Brier score is, less so many standard errors of the difference. */
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
