import { outOfRange } from "@mrdata/base";
import {
  type Block,
  featureTable,
  fitBlock,
  LEARNT_NAME,
  type LearnerSettings,
  placeAmong,
  refitJob,
  type TitleWords,
  type TrainedLearner,
  usualCensoredWay,
  VALUE_EFFECT,
} from "@mrdata/learning";
import { float32sIn, float64sIn, int32sIn } from "./bytes.ts";
import type { TaskOutcome } from "./graph.ts";
import { PER_PLACE } from "./places.ts";
import type { TrainingSpec } from "./spec.ts";
import { resultOf, type TaskIo } from "./task-io.ts";
import type { DrawResult } from "./tasks/draw.ts";
import { placesOf } from "./tasks/features.ts";

/** All rows in memory that threads can share, with their labels. */
export type Matrix = {
  /** The columns including merged rows, and the indices of the rows that are learnt from. */
  readonly whole: readonly Float32Array[];
  readonly own: Int32Array;
  readonly columns: readonly Float32Array[];
  readonly labels: Uint8Array;
  /** 1: its outcome is unknown. */
  readonly censored: Uint8Array;
  /** When each label became known, milliseconds since the epoch. */
  readonly knownAt: Float64Array;
  readonly titleWords: TitleWords;
  readonly blocks: DrawResult["blocks"];
  readonly seed: number;
  readonly trees: number;
  /** The learners' settings; defaults if absent. */
  readonly settings?: LearnerSettings;
};

/** Assembles the partitions' columns, each row where the draw placed it. */
export async function readMatrix(
  { seed, trees, learners }: Pick<TrainingSpec, "seed" | "trees" | "learners">,
  draw: DrawResult,
  features: readonly TaskOutcome[],
  io: TaskIo,
): Promise<Matrix> {
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  const whole: Float32Array[] = [];
  for (const [p, { result }] of features.entries()) {
    const place = draw.places[p];
    if (place === undefined)
      throw new Error(`${features.length} partitions, and ${draw.places.length} drawn`);
    const places = await placesOf(draw, place[0], io);
    const rows = Int32Array.from(
      Array.from({ length: places.length / PER_PLACE }, (_, i) => places[PER_PLACE * i] ?? -1).filter(
        (row) => row >= 0,
      ),
    );
    const own = float32sIn(await resultOf(io, result));
    for (let k = 0; k < own.length / rows.length; k++) {
      whole[k] ??= new Float32Array(shared(Float32Array.BYTES_PER_ELEMENT * draw.whole));
      const column = whole[k];
      for (const [i, row] of rows.entries())
        if (column !== undefined) column[row] = own[k * rows.length + i] ?? Number.NaN;
    }
  }
  if (draw.effects !== null)
    whole[placeAmong(featureTable(draw.details), VALUE_EFFECT)]?.set(
      float32sIn(await resultOf(io, draw.effects)),
    );
  if (draw.learnt !== null)
    whole[placeAmong(featureTable(draw.details), LEARNT_NAME)]?.set(
      float32sIn(await resultOf(io, draw.learnt)),
    );
  const own = int32sIn(await resultOf(io, draw.own));
  const columns =
    own.length === draw.whole
      ? whole
      : whole.map((column) => {
          const kept = new Float32Array(shared(Float32Array.BYTES_PER_ELEMENT * own.length));
          for (const [i, place] of own.entries()) kept[i] = column[place] ?? Number.NaN;
          return kept;
        });
  const labels = new Uint8Array(shared(draw.rows));
  labels.set(await resultOf(io, draw.labels));
  const censored = new Uint8Array(shared(draw.rows));
  censored.set(await resultOf(io, draw.censored));
  const knownAt = new Float64Array(shared(Float64Array.BYTES_PER_ELEMENT * draw.rows));
  knownAt.set(float64sIn(await resultOf(io, draw.knownAt)));
  const starts = new Int32Array(shared(Int32Array.BYTES_PER_ELEMENT * (draw.rows + 1)));
  starts.set(int32sIn(await resultOf(io, draw.titleWords.starts)));
  const places = new Uint8Array(shared(starts[draw.rows] ?? outOfRange()));
  places.set(await resultOf(io, draw.titleWords.places));
  return {
    whole,
    own,
    columns,
    labels,
    censored,
    knownAt,
    titleWords: { starts, places },
    blocks: draw.blocks,
    seed,
    trees,
    ...(learners && { settings: learners }),
  };
}

/** The blocks, each with the rows whose labels were known when it began. */
export const blocksIn = ({ blocks, knownAt }: Matrix): readonly Block[] =>
  blocks.map((block) => withKnown(block, knownAt));

const withKnown = ({ moment, ...block }: DrawResult["blocks"][number], knownAt: Float64Array): Block => ({
  ...block,
  known: Int32Array.from(Array(block.start).keys()).filter((i) => (knownAt[i] ?? moment + 1) <= moment),
});

/** A learner's predictions for a block, trained only on the block's past. */
export async function fitOne(matrix: Matrix, block: number, learner: TrainedLearner): Promise<Float64Array> {
  const { seed, trees, knownAt, settings } = matrix;
  const one = matrix.blocks[block];
  if (one === undefined) throw new RangeError(`there is no block ${block}`);
  const how = { seed, trees, way: usualCensoredWay, rough: false, ...(settings && { settings }) };
  return fitBlock(learner, refitJob(matrix, withKnown(one, knownAt), how));
}
