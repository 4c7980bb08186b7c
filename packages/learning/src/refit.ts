import { scoreAll } from "@mrdata/forest";
import { type Learner, type OfEach, trainLearner } from "./learners.ts";

/** What a block's models learn from and what they are asked. The large arrays may be shared between threads. */
export type RefitJob = {
  readonly columns: readonly Float32Array[];
  readonly labels: Uint8Array;
  /** Rows whose label was known when the block began. */
  readonly known: Int32Array;
  /** The block: rows from `start` to before `end`. */
  readonly start: number;
  readonly end: number;
  readonly seed: number;
  readonly trees: number;
};

/** What each learner answers for the rows of the block, uncalibrated. */
export type RefitAnswers = OfEach<Float64Array>;

/** What whoever has learnt nothing answers. */
const NOTHING_KNOWN = 0.5;

/**
 * Trains one learner on what was known and asks it for the block. Where no label was known yet, as with a window longer
 * than the history before the block, every answer is .5.
 */
export async function fitBlock(
  learner: Learner,
  { columns, labels, known, start, end, seed, trees }: RefitJob,
): Promise<Float64Array> {
  if (known.length === 0) return new Float64Array(end - start).fill(NOTHING_KNOWN);
  const data = {
    columns: columns.map((column) => Float32Array.from(known, (i) => column[i] ?? Number.NaN)),
    labels: Uint8Array.from(known, (i) => labels[i] ?? 0),
  };
  const block = columns.map((column) => column.slice(start, end));
  return scoreAll(await trainLearner(learner, data, { seed, trees }), block);
}

/** Trains every learner on what was known and asks it for the block, as `fitBlock` does. */
export async function refit(job: RefitJob): Promise<RefitAnswers> {
  return {
    rates: await fitBlock("rates", job),
    shallow: await fitBlock("shallow", job),
    boosting: await fitBlock("boosting", job),
    forest: await fitBlock("forest", job),
    worded: await fitBlock("worded", job),
  };
}
