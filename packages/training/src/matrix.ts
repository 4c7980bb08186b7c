import { fitBlock, type Learner } from "@mrdata/learning";
import { float32sIn, float64sIn } from "./bytes.ts";
import type { TaskOutcome } from "./graph.ts";
import type { TrainingSpec } from "./spec.ts";
import { resultOf, type TaskIo } from "./task-io.ts";
import { type DrawResult, PER_PLACE } from "./tasks/draw.ts";
import { placesOf } from "./tasks/features.ts";

/** All rows, in memory that threads may share, and what is to be learnt of them. */
export type Matrix = {
  readonly columns: readonly Float32Array[];
  readonly labels: Uint8Array;
  /** When each label is known, milliseconds since the epoch. */
  readonly knownAt: Float64Array;
  readonly blocks: DrawResult["blocks"];
  readonly trees: number;
};

/** Puts the partitions' columns together, row by row where the draw placed them. */
export async function readMatrix(
  { trees }: Pick<TrainingSpec, "trees">,
  draw: DrawResult,
  features: readonly TaskOutcome[],
  io: TaskIo,
): Promise<Matrix> {
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  const columns: Float32Array[] = [];
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
      columns[k] ??= new Float32Array(shared(Float32Array.BYTES_PER_ELEMENT * draw.rows));
      const column = columns[k];
      for (const [i, row] of rows.entries())
        if (column !== undefined) column[row] = own[k * rows.length + i] ?? Number.NaN;
    }
  }
  const labels = new Uint8Array(shared(draw.rows));
  labels.set(await resultOf(io, draw.labels));
  const knownAt = new Float64Array(shared(Float64Array.BYTES_PER_ELEMENT * draw.rows));
  knownAt.set(float64sIn(await resultOf(io, draw.knownAt)));
  return { columns, labels, knownAt, blocks: draw.blocks, trees };
}

/** What a learner answers for a block that knew nothing but its own past. */
export async function fitOne(matrix: Matrix, block: number, learner: Learner): Promise<Float64Array> {
  const { columns, labels, knownAt, trees } = matrix;
  const job = matrix.blocks[block];
  if (job === undefined) throw new RangeError(`there is no block ${block}`);
  const { start, end, moment, seed } = job;
  const known = Int32Array.from(Array(start).keys()).filter((i) => (knownAt[i] ?? moment + 1) <= moment);
  return fitBlock(learner, { columns, labels, known, start, end, seed, trees });
}
