import { scoreAll } from "@mrdata/forest";
import type { LearnerSettings } from "./learner-settings.ts";
import { type OfTrained, type TrainedLearner, trainLearner } from "./learners.ts";
import { type CensoredWay, type TrainingRowsOf, trainingRows } from "./training-rows.ts";

/** What a block's models learn from and what they are asked. The large arrays may be shared between threads. */
export type RefitJob = TrainingRowsOf & {
  /** The block: rows from `start` to before `end`. */
  readonly start: number;
  readonly end: number;
  readonly seed: number;
  readonly trees: number;
  readonly way: CensoredWay;
  /** Only the own rate and a rough boosting, which stands in for all others. */
  readonly rough: boolean;
  /** What the learners are made with, as usual if left out. */
  readonly settings?: LearnerSettings;
};

/** What each learner answers for the rows of the block, uncalibrated. */
export type RefitAnswers = OfTrained<Float64Array>;

/** What whoever has learnt nothing answers. */
const NOTHING_KNOWN = 0.5;

/**
 * Trains one learner on what was known and asks it for the block. Where no label was known yet, as with a window longer
 * than the history before the block, every answer is .5.
 */
export async function fitBlock(learner: TrainedLearner, job: RefitJob): Promise<Float64Array> {
  return (await blockFitter(job))(learner);
}

/** Trains every learner on what was known and asks it for the block, as `fitBlock` does. */
export async function refit(job: RefitJob): Promise<RefitAnswers> {
  const fit = await blockFitter(job);
  const [rates, boosting] = [await fit("rates"), await fit("boosting")];
  if (job.rough) return { rates, boosting, shallow: boosting, forest: boosting, worded: boosting };
  return {
    rates,
    boosting,
    shallow: await fit("shallow"),
    forest: await fit("forest"),
    worded: await fit("worded"),
  };
}

/** Takes the rows of a block together once, for whatever learners are asked. */
async function blockFitter(job: RefitJob): Promise<(learner: TrainedLearner) => Promise<Float64Array>> {
  const { columns, known, start, end, seed, trees, rough, way, settings } = job;
  if (known.length === 0) return async () => new Float64Array(end - start).fill(NOTHING_KNOWN);
  const data = await trainingRows(job, way);
  const block = columns.map((column) => column.slice(start, end));
  return async (learner) =>
    scoreAll(await trainLearner(learner, data, { seed, trees, rough, ...(settings && { settings }) }), block);
}
