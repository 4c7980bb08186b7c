import type { TrainedLearner } from "@mrdata/learning";
import { bytesOf } from "../bytes.ts";
import type { TaskOutcome } from "../graph.ts";
import { fitOne, type Matrix } from "../matrix.ts";
import { resultName } from "../names.ts";
import { resultOr, type TaskIo } from "../task-io.ts";

/** One learner on one block of the past: what it answers for the rows of the block. `inputs`: the draw and the columns. */
export async function fitTask(
  inputs: readonly string[],
  { block, learner }: { readonly block: number; readonly learner: TrainedLearner },
  matrixOf: () => Promise<Matrix>,
  io: TaskIo,
): Promise<TaskOutcome> {
  const name = resultName("fit", inputs, [block, learner]);
  const fit = io.fit ?? fitOne;
  await resultOr(io, name, async () => bytesOf(await fit(await matrixOf(), block, learner)));
  return { result: name };
}
