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
    rounds: 150,
    seed,
    learningRate: 0.03,
    maxLeaves: 8,
    maxDepth: 8,
    minChildWeight: 3,
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

/** The learner and the calibration that would have had the least Brier score on what is known so far. */
export function chooseOnPast(past: readonly Predicted[]): {
  readonly learner: Learner;
  readonly calibration: Calibration;
} {
  if (past.length < LEAST_PAST) return { learner: "mean", calibration: identity };
  const temperatures = temperaturesOn(past);
  const loss = (answer: (one: Predicted) => number) =>
    past.reduce((sum, one) => sum + (answer(one) - one.label) ** 2, 0);
  const candidates = learners.flatMap((learner) => [
    { learner, calibration: temperatures[learner], loss: loss(({ scaled }) => scaled[learner]) },
    { learner, calibration: identity, loss: loss(({ raw }) => raw[learner]) },
  ]);
  const [best] = candidates.toSorted((a, b) => a.loss - b.loss);
  return best ?? { learner: "mean", calibration: identity };
}
