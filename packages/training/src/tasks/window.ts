import {
  type RefitAnswers,
  refit,
  roughRefits,
  TABLE_WINDOWS,
  type WindowRow,
  windowRow,
  windowRowSchema,
} from "@mrdata/learning";
import { jsonOf } from "../bytes.ts";
import type { TaskOutcome } from "../graph.ts";
import type { Matrix } from "../matrix.ts";
import { resultName } from "../names.ts";
import { learningOptions, type TrainingSpec } from "../spec.ts";
import { resultOr, type TaskIo } from "../task-io.ts";
import { wholeRows } from "../whole-rows.ts";
import type { DrawResult } from "./draw.ts";
import { jsonIn } from "./read.ts";

export const windowRowIn = (bytes: Uint8Array): WindowRow => windowRowSchema.parse(jsonIn(bytes));

/** Evaluates an alternative hold window by rough predictions for each block. */
export async function windowTask(
  spec: TrainingSpec,
  draw: DrawResult,
  { inputs, seconds }: { readonly inputs: readonly string[]; readonly seconds: number },
  matrixOf: () => Promise<Matrix>,
  io: TaskIo,
): Promise<TaskOutcome> {
  const { rule, certificate, now } = spec;
  const name = resultName("window", inputs, { seconds, rule, certificate, now });
  await resultOr(io, name, async () => {
    const { whole } = await wholeRows(spec, draw, await matrixOf(), io);
    const { jobs, ...part } = roughRefits(whole, 1000 * seconds, learningOptions(spec));
    const answers: RefitAnswers[] = [];
    if (io.refit !== undefined) answers.push(...(await Promise.all(jobs.map(io.refit))));
    // Sequentially, because each assembles its own rows in memory.
    else for (const job of jobs) answers.push(await refit(job));
    return jsonOf(windowRow({ ...part, answers }, learningOptions(spec), TABLE_WINDOWS.length));
  });
  return { result: name };
}
