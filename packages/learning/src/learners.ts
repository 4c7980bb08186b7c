import {
  type Calibration,
  fitTemperature,
  scoreAll,
  type TrainingData,
  type TreeModel,
  trainBoosting,
  trainForest,
} from "@mrdata/forest";
import type { Issued } from "./threshold.ts";

/** What may predict: a forest, boosting, or the mean of both. */
export type Learner = "forest" | "boosting" | "mean";
const learners: readonly Learner[] = ["mean", "forest", "boosting"];

export type OfEach<T> = Readonly<Record<Learner, T>>;
export const ofEach = <T>(make: (learner: Learner) => T): OfEach<T> => ({
  forest: make("forest"),
  boosting: make("boosting"),
  mean: make("mean"),
});

export type Models = { readonly forest: TreeModel; readonly boosting: TreeModel };

/** Both learners on the same rows, with settings that suit some thousands of noisy rows. */
export async function trainBoth(
  data: TrainingData,
  { trees, seed, workers }: { readonly trees: number; readonly seed: number; readonly workers: number },
): Promise<Models> {
  const { model: forest } = await trainForest(data, { trees, seed, minLeaf: 5, workers });
  const boosting = trainBoosting(data, {
    rounds: 200,
    seed,
    learningRate: 0.03,
    maxLeaves: 16,
    maxDepth: 8,
    minChildWeight: 1,
    subsample: 0.7,
  });
  return { forest, boosting };
}

/** The answers of each, uncalibrated, for rows given column by column. */
export function answersOf(
  { forest, boosting }: Models,
  columns: readonly Float32Array[],
): OfEach<Float64Array> {
  const [one, other] = [scoreAll(forest, columns), scoreAll(boosting, columns)];
  return { forest: one, boosting: other, mean: one.map((p, i) => (p + (other[i] ?? p)) / 2) };
}

/** A prediction of the past: what each learner said, and what a temperature fitted at that time would have made of it. */
export type Predicted = Issued & {
  readonly raw: OfEach<number>;
  readonly scaled: OfEach<number>;
  /** When the label was known, milliseconds since the epoch. */
  readonly knownAt: number;
};

/** Past predictions from which on anything is chosen or fitted by them. */
const LEAST_PAST = 100;
const identity: Calibration = { kind: "identity" };

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
 * The learner and the calibration for what comes next: the mean of both, its temperature fitted on past predictions.
 * Another only where it was clearly better on the past: by a Brier score lower by .001 and two standard errors, pair by pair. What
 * differs by less is chance, and chasing it costs more than it gives.
 */
export function chooseOnPast(past: readonly Predicted[]): {
  readonly learner: Learner;
  readonly calibration: Calibration;
} {
  if (past.length < LEAST_PAST) return { learner: "mean", calibration: identity };
  const temperatures = temperaturesOn(past);
  const candidates = learners.flatMap((learner) => [
    { learner, calibration: temperatures[learner], answers: past.map(({ scaled }) => scaled[learner]) },
    { learner, calibration: identity, answers: past.map(({ raw }) => raw[learner]) },
  ]);
  const [usual, ...others] = candidates;
  if (usual === undefined) return { learner: "mean", calibration: identity };
  let best = { ...usual, gain: 0 };
  for (const other of others) {
    const gain = gainOver(usual.answers, other.answers, past);
    if (gain > best.gain) best = { ...other, gain };
  }
  return { learner: best.learner, calibration: best.calibration };
}

/** A difference of the Brier score that is worth a change. */
const WORTH = 0.001;

/** How much lower the other answers' Brier score is, less two standard errors of the difference and what is worth a change. */
function gainOver(usual: readonly number[], other: readonly number[], past: readonly Issued[]): number {
  const n = past.length;
  const differences = past.map(
    ({ label }, i) => ((usual[i] ?? 0) - label) ** 2 - ((other[i] ?? 0) - label) ** 2,
  );
  const mean = differences.reduce((sum, one) => sum + one, 0) / n;
  const variance = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, n - 1);
  return mean - 2 * Math.sqrt(variance / n) - WORTH;
}
