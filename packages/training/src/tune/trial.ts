import { outOfRange } from "@mrdata/base";
import { bytesOf, float32sIn, float64sIn } from "../bytes.ts";
import type { TaskOutcome } from "../graph.ts";
import type { Matrix } from "../matrix.ts";
import { resultName } from "../names.ts";
import { TrainingFailedError, type TrainingSpec } from "../spec.ts";
import { resultOf, resultOr, type TaskIo } from "../task-io.ts";
import type { DrawResult } from "../tasks/draw.ts";
import { fitTask } from "../tasks/fit.ts";
import { wholeRows } from "../whole-rows.ts";
import { blocksOfRung, type OpenTrial } from "./halving.ts";
import { learnerOf, type TunePlan } from "./plan.ts";
import { settingsOfTrial, withSettings } from "./space.ts";
import { type TuningBlock, tuningBlocks } from "./tuning-rows.ts";

export type TrialInputs = {
  readonly plan: TunePlan;
  readonly draw: DrawResult;
  /** The draw and the columns. */
  readonly inputs: readonly string[];
  readonly matrixOf: () => Promise<Matrix>;
};

/** The blocks of a tuning job. Rejects with TrainingFailedError if too few rows may be used. */
export async function blocksToTune(
  spec: TrainingSpec,
  { draw, matrixOf }: Pick<TrialInputs, "draw" | "matrixOf">,
  io: TaskIo,
): Promise<readonly TuningBlock[]> {
  const matrix = await matrixOf();
  const { replay } = await wholeRows(spec, draw, matrix, io);
  const blocks = tuningBlocks(matrix, replay, spec);
  const rows = blocks.reduce((sum, one) => sum + one.rows.length, 0);
  if (rows < MIN_ROWS)
    throw new TrainingFailedError(
      `${rows} past incidents choose and do not certify, and settings are compared on ${MIN_ROWS} at least`,
    );
  return blocks;
}
const MIN_ROWS = 40;

/**
 * Measures a trial on the blocks of a rung: each is predicted by the learner with the trial's settings, trained only on the
 * block's past. Fits of lower rungs are reused. `now`: milliseconds since the epoch.
 */
export async function trialTask(
  spec: TrainingSpec,
  { trial, rung }: OpenTrial,
  given: TrialInputs,
  io: TaskIo & { readonly now: () => number },
): Promise<TaskOutcome> {
  const { plan, inputs, matrixOf } = given;
  const learner = learnerOf(trial);
  const settings = withSettings(plan.usual, learner, settingsOfTrial(plan, trial));
  const blocks = await blocksToTune(spec, given, io);
  let own: Promise<Matrix> | null = null;
  const ownMatrix = () => {
    own ??= matrixOf().then((matrix) => ({ ...matrix, settings }));
    return own;
  };
  const errors: number[] = [];
  const { labels } = await matrixOf();
  const fits: string[] = [];
  for (const at of blocksOfRung(blocks.length, rung)) {
    const one = blocks[at];
    if (one === undefined) throw new RangeError(`there is no block ${at} to tune on`);
    const { result } = await fitTask(inputs, { block: one.block, learner, settings }, ownMatrix, io);
    fits.push(result);
    const answers = float64sIn(await resultOf(io, result));
    const { start = 0 } = given.draw.blocks[one.block] ?? {};
    for (const row of one.rows)
      errors.push(((answers[row - start] ?? outOfRange()) - (labels[row] ?? outOfRange())) ** 2);
  }
  const name = resultName("trial", fits, spec.now);
  await resultOr(io, name, async () => bytesOf(Float32Array.from(errors)));
  const brier = errors.reduce((sum, one) => sum + one, 0) / errors.length;
  return { result: name, trial: { trial, rung, brier, over: plan.until !== null && io.now() > plan.until } };
}

/** The squared errors of a trial on its rung, row by row: all trials of a rung use the same rows. */
export const errorsIn = async (io: TaskIo, result: string): Promise<Float32Array> =>
  float32sIn(await resultOf(io, result));
