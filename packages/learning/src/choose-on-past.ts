import { type Calibration, calibrate, fitTemperature } from "@mrdata/forest";
import { type Learner, learners, type OfEach, ofEach } from "./learners.ts";
import type { Issued } from "./threshold.ts";

/** A prediction of the past: what each learner said, and what a temperature fitted at that time would have made of it. */
export type Predicted = Issued & {
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
};

export type Choice = { readonly learner: Learner; readonly calibration: Calibration };

/** Past predictions from which on anything is chosen or fitted by them. */
export const LEAST_PAST = 100;
const identity: Calibration = { kind: "identity" };
const standard: Learner = "boosting";
const simplest: Learner = "shallow";
/** A difference of the Brier score that is worth a change. */
const WORTH = 0.001;

/** Temperatures on the raw answers of past predictions (Guo et al. 2017). */
export const temperaturesOn = (past: readonly Predicted[], around?: number): OfEach<Calibration> =>
  ofEach((learner) =>
    past.length < LEAST_PAST
      ? identity
      : fitTemperature(
          past.map(({ raw }) => raw[learner]),
          past.map(({ label }) => label),
          around,
        ),
  );

/** The share of incidents that resolved itself, with one of each outcome imagined. */
export const shareOf = (past: readonly Pick<Issued, "label">[]): number =>
  (past.reduce((sum, { label }) => sum + label, 0) + 1) / (past.length + 2);

/** So large that whatever a model says, the share around which it is is the answer. */
const FLAT = 1e9;

/**
 * The learner and the calibration for what comes next: boosting, its temperature fitted on past predictions. Another
 * only where it was clearly better on the past: by a Brier score lower by .001 and two standard errors, pair by pair.
 * What differs by less is chance, and chasing it costs more than it gives. Others are each learner as it is, with its
 * temperature around .5, and around the share that resolved itself so far: that follows no drift, and is right where
 * few or nearly all resolve themselves and little tells which.
 *
 * Where boosting was no better than to answer that share always, the share stands instead, and whatever is to replace
 * it must have been better on the later half of the past: whoever learns is better the more there was to learn from.
 */
export function chooseOnPast(past: readonly Predicted[]): Choice {
  if (past.length < LEAST_PAST) return { learner: standard, calibration: identity };
  const share = shareOf(past);
  const temperatures = temperaturesOn(past);
  const usuals = temperaturesOn(past, share);
  const boosted = past.map(({ scaled }) => scaled[standard]);
  const shares = past.map(({ share: answer }) => answer);
  const flat = { kind: "temperature", temperature: FLAT, around: share } as const;
  const standing: Choice & { readonly answers: readonly number[]; readonly from: number } =
    brierOf(shares, past) <= brierOf(boosted, past)
      ? { learner: simplest, calibration: flat, answers: shares, from: Math.floor(past.length / 2) }
      : { learner: standard, calibration: temperatures[standard], answers: boosted, from: 0 };
  const surely = standing.from === 0 ? 2 : 1;
  const { from } = standing;
  let best: Choice & { readonly gain: number } = { ...standing, gain: 0 };
  for (const learner of learners) {
    const candidates = [
      { calibration: temperatures[learner], answers: past.map(({ scaled }) => scaled[learner]) },
      { calibration: identity, answers: past.map(({ raw }) => raw[learner]) },
      { calibration: usuals[learner], answers: past.map(({ aroundUsual: answers }) => answers[learner]) },
    ];
    for (const { calibration, answers } of candidates) {
      const gain = gainOver(standing.answers.slice(from), answers.slice(from), past.slice(from), surely);
      if (gain > best.gain) best = { learner, calibration, gain };
    }
  }
  return { learner: best.learner, calibration: best.calibration };
}

/**
 * What the chosen learner, calibrated as it will be, says of the past. A threshold is chosen on these: probabilities as
 * they were issued at the time are on the scales of other temperatures, and a threshold among them means something else.
 * Beginners are left out: they are sure of what they do not know, and by their guesses nothing would ever be held.
 */
export const saidOfPast = (
  { learner, calibration }: Choice,
  past: readonly Pick<Predicted, "raw" | "label" | "grown">[],
): readonly Issued[] =>
  past
    .filter(({ grown }) => grown)
    .map(({ raw, label }) => ({ probability: calibrate(calibration, raw[learner]), label }));

const brierOf = (answers: readonly number[], past: readonly Issued[]): number =>
  past.reduce((sum, { label }, i) => sum + ((answers[i] ?? 0) - label) ** 2, 0) / past.length;

/** How much lower the other answers' Brier score is, less so many standard errors of the difference and what is worth a change. */
function gainOver(
  standing: readonly number[],
  other: readonly number[],
  past: readonly Issued[],
  surely: number,
): number {
  const n = past.length;
  const differences = past.map(
    ({ label }, i) => ((standing[i] ?? 0) - label) ** 2 - ((other[i] ?? 0) - label) ** 2,
  );
  const mean = differences.reduce((sum, one) => sum + one, 0) / n;
  const variance = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, n - 1);
  return mean - surely * Math.sqrt(variance / n) - WORTH;
}
