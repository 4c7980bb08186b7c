import type { LearnerSettings, TrainedLearner } from "@mrdata/learning";
import { bytesOf } from "../bytes.ts";
import type { TaskOutcome } from "../graph.ts";
import { fitOne, type Matrix } from "../matrix.ts";
import { resultName } from "../names.ts";
import { resultOr, type TaskIo } from "../task-io.ts";

/** Fits one learner for one block of the past: its predictions for the block's rows. `settings` are the matrix's. `inputs`: the draw and the columns. */
export async function fitTask(
  inputs: readonly string[],
  {
    block,
    learner,
    settings,
  }: {
    readonly block: number;
    readonly learner: TrainedLearner;
    readonly settings?: LearnerSettings | undefined;
  },
  matrixOf: () => Promise<Matrix>,
  io: TaskIo,
): Promise<TaskOutcome> {
  const own = settings === undefined || learner === "rates" ? [] : [settings[learner]];
  const name = resultName("fit", inputs, [block, learner, ...own]);
  const fit = io.fit ?? fitOne;
  await resultOr(io, name, async () => bytesOf(await fit(await matrixOf(), block, learner)));
  return { result: name };
}
