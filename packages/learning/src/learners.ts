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
 * The available learners. `rates` is the alert type's historical rate and nothing else: with little past, anything that
 * uses more finds patterns that are not there. `shallow` starts from it and adds boosting of four-leaf trees, which
 * learn only the coarse structure of the rest. `boosting` follows everything in the past of alert and service, and
 * `forest` is in between. `worded` is boosting with title words, and with components of titles where its settings
 * include them: where many services share their alarms and each has little past, words carry more; where each has
 * enough, they follow what drifts. `mean` is the mean of all but the forest, in log odds.
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
  /** Additional threads for the forest; the model is the same. */
  readonly workers?: number;
  /** For boosting: one bag of fewer and larger steps, for a rough answer in a tenth of the time. */
  readonly rough?: boolean;
  /** The learners' settings; the defaults if omitted. */
  readonly settings?: LearnerSettings;
  /** The number of title components in the last columns, for the learner that uses words; none if omitted. */
  readonly components?: number;
};

/** Trains the weighted mean of the learners as one model. Rejects as `trainForest` does. */
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

/** Trains one learner with the given settings or the defaults. Rejects as `trainForest` does. */
export async function trainLearner(
  learner: TrainedLearner,
  data: TrainingData,
  options: LearnerOptions,
): Promise<TreeModel> {
  const features = data.columns.length;
  if (learner === "worded") return train(learner, data, options);
  // Words come last, followed only by components of titles: a model trained without them also accepts rows with them.
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
