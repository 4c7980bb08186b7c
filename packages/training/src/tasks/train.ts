import { deserialize, serialize } from "node:v8";
import type { TreeModel } from "@mrdata/forest";
import { rowsOfVersion, trainChosen } from "@mrdata/learning";
import { z } from "zod";
import type { TaskOutcome } from "../graph.ts";
import type { Matrix } from "../matrix.ts";
import { resultName } from "../names.ts";
import { learningOptions, type TrainingSpec } from "../spec.ts";
import { resultOf, resultOr, type TaskIo } from "../task-io.ts";
import { wholeRows } from "../whole-rows.ts";
import { chosenIn } from "./choose.ts";
import type { DrawResult } from "./draw.ts";

const treeModel = z.custom<TreeModel>(
  (value) => typeof value === "object" && value !== null && "roots" in value,
);
export const modelIn = (bytes: Uint8Array): TreeModel => treeModel.parse(deserialize(bytes));

/** Trains the chosen learner on all rows with known labels. */
export async function trainTask(
  spec: TrainingSpec,
  draw: DrawResult,
  { chosen, inputs }: { readonly chosen: TaskOutcome; readonly inputs: readonly string[] },
  matrixOf: () => Promise<Matrix>,
  io: TaskIo,
): Promise<TaskOutcome> {
  const { seed, trees, learners } = spec;
  const name = resultName("model", [...inputs, chosen.result], {
    seed,
    trees,
    ...(learners && { learners }),
  });
  await resultOr(io, name, async () => {
    const version = chosenIn(await resultOf(io, chosen.result));
    const options = learningOptions(spec);
    const data = await rowsOfVersion(await wholeRows(spec, draw, await matrixOf(), io), version, options);
    const workers = io.workers === undefined ? {} : { workers: io.workers };
    return serialize(await trainChosen(version, data, { ...options, ...workers }));
  });
  return { result: name };
}
