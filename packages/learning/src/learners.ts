import { type TrainingData, type TreeModel, trainBoosting, trainForest } from "@mrdata/forest";

/**
 * What may predict. `boosting` follows whatever the data tells, `shallow` boosting of four-leaf trees keeps to the
 * rough of it where there is little to learn, and `forest` stands between them.
 */
export const learners = ["boosting", "shallow", "forest"] as const;
export type Learner = (typeof learners)[number];

export type OfEach<T> = Readonly<Record<Learner, T>>;
export const ofEach = <T>(make: (learner: Learner) => T): OfEach<T> => ({
  boosting: make("boosting"),
  shallow: make("shallow"),
  forest: make("forest"),
});

export type LearnerOptions = {
  readonly seed: number;
  /** Trees of the forest. */
  readonly trees: number;
  /** Threads beside this one, for the forest; the model is the same. */
  readonly workers?: number;
};

/** Trains one learner, with settings that suit some thousands of noisy rows. Rejects as `trainForest` does. */
export async function trainLearner(
  learner: Learner,
  data: TrainingData,
  { seed, trees, workers = 0 }: LearnerOptions,
): Promise<TreeModel> {
  switch (learner) {
    case "boosting":
      return trainBoosting(data, {
        rounds: 150,
        bags: 6,
        seed,
        learningRate: 0.04,
        maxLeaves: 16,
        maxDepth: 8,
        subsample: 0.5,
      });
    case "shallow":
      return trainBoosting(data, {
        rounds: 100,
        bags: 2,
        seed,
        learningRate: 0.03,
        maxLeaves: 4,
        maxDepth: 3,
        minChildWeight: 5,
        subsample: 0.5,
      });
    case "forest":
      return (await trainForest(data, { trees, seed, minLeaf: 5, workers })).model;
  }
}
