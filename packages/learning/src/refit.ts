import { scoreAll } from "@mrdata/forest";
import { fitTitleComponents } from "./fit-title-components.ts";
import type { LearnerSettings } from "./learner-settings.ts";
import { type OfTrained, type TrainedLearner, trainLearner } from "./learners.ts";
import { componentColumns } from "./title-components.ts";
import type { TitleWords } from "./title-words.ts";
import { type CensoredWay, type TrainingRowsOf, trainingRows } from "./training-rows.ts";

/** The training and test data of a block's models. The large arrays may be shared between threads. */
export type RefitJob = TrainingRowsOf & {
  /** The block: rows from `start` to before `end`. */
  readonly start: number;
  readonly end: number;
  readonly seed: number;
  readonly trees: number;
  readonly way: CensoredWay;
  /** Only the historical rate and a rough boosting, which replaces all others. */
  readonly rough: boolean;
  /** The learners' settings; the defaults if omitted. */
  readonly settings?: LearnerSettings;
  /** The hashed words of the rows' titles, where settings use components of them. */
  readonly titleWords?: TitleWords;
  /** The number of title components in the last columns; none if omitted. */
  readonly components?: number;
};

/** Each learner's uncalibrated answers for the rows of the block. */
export type RefitAnswers = OfTrained<Float64Array>;

/** The answer of an untrained model. */
const NOTHING_KNOWN = 0.5;

/**
 * Trains one learner on what was known and evaluates it on the block. Where no label was known yet, as with a window
 * longer than the history before the block, every answer is .5.
 */
export async function fitBlock(learner: TrainedLearner, job: RefitJob): Promise<Float64Array> {
  return (await blockFitter(learner === "worded" ? withComponents(job) : job))(learner);
}

/**
 * The rows up to the block's end with the components of their titles, which are fitted on the training rows only: a block
 * is predicted by components that have not seen its titles. Throws Error for a job without words.
 */
export function withComponents(job: RefitJob): RefitJob {
  const { settings, known, end, titleWords } = job;
  const wanted = settings?.worded.components ?? 0;
  if (wanted === 0 || known.length === 0) return job;
  if (titleWords === undefined) throw new Error("the words that components are made of are not there");
  const components = fitTitleComponents(titleWords, known, wanted);
  const columns = [...job.columns, ...componentColumns(components, titleWords, end)];
  return { ...job, columns, components: components.length };
}

/** Trains every learner on what was known and evaluates it on the block, as `fitBlock` does. */
export async function refit(job: RefitJob): Promise<RefitAnswers> {
  const fit = await blockFitter(job);
  const [rates, boosting] = [await fit("rates"), await fit("boosting")];
  if (job.rough) return { rates, boosting, shallow: boosting, forest: boosting, worded: boosting };
  return {
    rates,
    boosting,
    shallow: await fit("shallow"),
    forest: await fit("forest"),
    worded:
      (job.settings?.worded.components ?? 0) === 0 ? await fit("worded") : await fitBlock("worded", job),
  };
}

/** Prepares the rows of a block once, for all its learners. */
async function blockFitter(job: RefitJob): Promise<(learner: TrainedLearner) => Promise<Float64Array>> {
  const { columns, known, start, end, seed, trees, rough, way, settings, components = 0 } = job;
  if (known.length === 0) return async () => new Float64Array(end - start).fill(NOTHING_KNOWN);
  const data = await trainingRows(job, way);
  const block = columns.map((column) => column.slice(start, end));
  const how = { seed, trees, rough, components, ...(settings && { settings }) };
  return async (learner) => scoreAll(await trainLearner(learner, data, how), block);
}
