import { type Calibration, calibrate, fitTemperature } from "@mrdata/forest";
import { type Learner, learners, type OfEach, ofEach } from "./learners.ts";
import type { Issued } from "./threshold.ts";

/** A prediction of the past: what each learner said, and what a temperature fitted at that time would have made of it. */
export type Predicted = Issued & {
  readonly raw: OfEach<number>;
  readonly scaled: OfEach<number>;
  /** Whether the models had learnt from enough to be anything like the one that comes next. */
  readonly grown: boolean;
  /** The alert type's own rate. */
  readonly rate: number;
  /** When the label was known, milliseconds since the epoch. */
  readonly knownAt: number;
};

export type Choice = { readonly learner: Learner; readonly calibration: Calibration };

/** Past predictions from which on anything is chosen or fitted by them. */
export const LEAST_PAST = 100;
const identity: Calibration = { kind: "identity" };
const usual: Learner = "boosting";
/** A difference of the Brier score that is worth a change. */
const WORTH = 0.001;

/** Temperatures on the raw answers of past predictions (Guo et al. 2017). */
export const temperaturesOn = (past: readonly Predicted[]): OfEach<Calibration> =>
  ofEach((learner) =>
    past.length < LEAST_PAST
      ? identity
      : fitTemperature(
          past.map(({ raw }) => raw[learner]),
          past.map(({ label }) => label),
        ),
  );

/**
 * The learner and the calibration for what comes next: boosting, its temperature fitted on past predictions. Another
 * only where it was clearly better on the past: by a Brier score lower by .001 and two standard errors, pair by pair.
 * What differs by less is chance, and chasing it costs more than it gives.
 */
export function chooseOnPast(past: readonly Predicted[]): Choice {
  if (past.length < LEAST_PAST) return { learner: usual, calibration: identity };
  const temperatures = temperaturesOn(past);
  const standing = past.map(({ scaled }) => scaled[usual]);
  let best: Choice & { readonly gain: number } = {
    learner: usual,
    calibration: temperatures[usual],
    gain: 0,
  };
  for (const learner of learners) {
    const candidates = [
      { calibration: temperatures[learner], answers: past.map(({ scaled }) => scaled[learner]) },
      { calibration: identity, answers: past.map(({ raw }) => raw[learner]) },
    ];
    for (const { calibration, answers } of candidates) {
      const gain = gainOver(standing, answers, past);
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

/** How much lower the other answers' Brier score is, less two standard errors of the difference and what is worth a change. */
function gainOver(standing: readonly number[], other: readonly number[], past: readonly Issued[]): number {
  const n = past.length;
  const differences = past.map(
    ({ label }, i) => ((standing[i] ?? 0) - label) ** 2 - ((other[i] ?? 0) - label) ** 2,
  );
  const mean = differences.reduce((sum, one) => sum + one, 0) / n;
  const variance = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, n - 1);
  return mean - 2 * Math.sqrt(variance / n) - WORTH;
}
