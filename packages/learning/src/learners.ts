import {
  assertData,
  modelOf,
  type TrainingData,
  type TreeModel,
  trainBoosting,
  trainForest,
} from "@mrdata/forest";
import { withoutWords } from "./feature-table.ts";
import { type LearnerSettings, usualLearnerSettings } from "./learner-settings.ts";
import { type MeanWeights, meanModel } from "./mean-of-learners.ts";
import { ownRateTrees } from "./own-rate.ts";

/**
 * What may predict. `rates` is the alert type's own rate and nothing else: where there is little past, whatever looks at
 * more sees what is not there. `shallow` begins with it and adds boosting of four-leaf trees, which keep to the rough of
 * what else there is. `boosting` follows whatever the past of alert and service tells, and `forest` stands between them.
 * `worded` is boosting that also looks at words, and at components of titles where its settings ask for some: where many
 * services share their alarms and each has little past, words tell more; where each has enough, they follow what drifts. `mean` is the mean of all but the forest, in log odds.
 */
export const trainedLearners = ["rates", "shallow", "boosting", "forest", "worded"] as const;
export type TrainedLearner = (typeof trainedLearners)[number];
export const learners = [...trainedLearners, "mean"] as const;
export type Learner = (typeof learners)[number];

export type OfEach<T> = Readonly<Record<Learner, T>>;
export type OfTrained<T> = Readonly<Record<TrainedLearner, T>>;
export const ofTrained = <T>(make: (learner: TrainedLearner) => T): OfTrained<T> => ({
  rates: make("rates"),
  shallow: make("shallow"),
  boosting: make("boosting"),
  forest: make("forest"),
  worded: make("worded"),
});
export const ofEach = <T>(make: (learner: Learner) => T): OfEach<T> => ({
  ...ofTrained(make),
  mean: make("mean"),
});

export type LearnerOptions = {
  readonly seed: number;
  /** Trees of the forest. */
  readonly trees: number;
  /** Threads beside this one, for the forest; the model is the same. */
  readonly workers?: number;
  /** Of boosting: one bag of fewer and bolder rounds, for a rough answer in a tenth of the time. */
  readonly rough?: boolean;
  /** What the learners are made with, as usual if left out. */
  readonly settings?: LearnerSettings;
  /** So many columns at the end are title components, for the learner that looks at words; none if left out. */
  readonly components?: number;
};

/** Trains the mean of the learners by their weights, as one model. Rejects as `trainForest` does. */
export async function trainMean(
  weights: MeanWeights,
  data: TrainingData,
  options: LearnerOptions,
): Promise<TreeModel> {
  const of = (member: TrainedLearner) => trainLearner(member, data, options);
  return meanModel(weights, {
    rates: await of("rates"),
    shallow: await of("shallow"),
    boosting: await of("boosting"),
    worded: await of("worded"),
  });
}

/** Trains one learner, with the settings that it is told or the usual ones. Rejects as `trainForest` does. */
export async function trainLearner(
  learner: TrainedLearner,
  data: TrainingData,
  options: LearnerOptions,
): Promise<TreeModel> {
  const features = data.columns.length;
  if (learner === "worded") return train(learner, data, options);
  // Words come last, and components of titles behind them: what is trained without them answers rows with them too.
  const { components = 0 } = options;
  const columns = data.columns.slice(0, withoutWords(features - components));
  const model = await train(learner, { ...data, columns }, options);
  return { ...model, features };
}

async function train(
  learner: TrainedLearner,
  data: TrainingData,
  { seed, trees, workers = 0, rough = false, settings = usualLearnerSettings(trees) }: LearnerOptions,
): Promise<TreeModel> {
  switch (learner) {
    case "boosting":
      return trainBoosting(data, { ...settings.boosting, ...(rough && ROUGH), seed });
    case "worded":
      return trainBoosting(data, { ...settings.worded, seed });
    case "rates": {
      assertData(data);
      const { length: features } = data.columns;
      return modelOf(ownRateTrees(data), { kind: "boosting", features, base: 0 });
    }
    case "shallow":
      return trainBoosting(data, { ...settings.shallow, start: ownRateTrees(data), seed });
    case "forest":
      return (await trainForest(data, { ...settings.forest, seed, workers })).model;
  }
}

const ROUGH = { rounds: 40, bags: 1, learningRate: 0.15 };
