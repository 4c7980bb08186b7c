import { deserialize, serialize } from "node:v8";
import type { TreeModel } from "@mrdata/forest";
import { knownRows, trainLearner } from "@mrdata/learning";
import { z } from "zod";
import { rowsIn } from "../bytes.ts";
import type { TaskOutcome } from "../graph.ts";
import type { Matrix } from "../matrix.ts";
import { resultName } from "../names.ts";
import { learningOptions, type TrainingSpec } from "../spec.ts";
import { resultOf, resultOr, type TaskIo } from "../task-io.ts";
import { chosenShape } from "./choose.ts";
import { type DrawResult, incidentIn } from "./draw.ts";
import { jsonIn } from "./read.ts";

const treeModel = z.custom<TreeModel>(
  (value) => typeof value === "object" && value !== null && "roots" in value,
);
export const modelIn = (bytes: Uint8Array): TreeModel => treeModel.parse(deserialize(bytes));

/** Trains the learner that was chosen on all that was known. */
export async function trainTask(
  spec: TrainingSpec,
  draw: DrawResult,
  { chosen, inputs }: { readonly chosen: TaskOutcome; readonly inputs: readonly string[] },
  matrixOf: () => Promise<Matrix>,
  io: TaskIo,
): Promise<TaskOutcome> {
  const { seed, trees } = spec;
  const name = resultName("model", [...inputs, chosen.result], { seed, trees });
  await resultOr(io, name, async () => {
    const { card } = chosenShape.parse(jsonIn(await resultOf(io, chosen.result)));
    const incidents = [...rowsIn(await resultOf(io, draw.drawn))].map(incidentIn);
    const { columns, labels } = await matrixOf();
    const rows = knownRows({ replay: { incidents, columns }, labels }, learningOptions(spec));
    const workers = io.workers === undefined ? {} : { workers: io.workers };
    return serialize(await trainLearner(card.learner, rows, { seed, trees, ...workers }));
  });
  return { result: name };
}
