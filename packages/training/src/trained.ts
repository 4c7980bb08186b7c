import { type ModelVersion, type VersionFile, writeVersion } from "@mrdata/learning";
import { cardPage } from "@mrdata/report";
import type { Done } from "./graph.ts";
import { outcomeOf } from "./run-task.ts";
import { resultOf, type TaskIo } from "./task-io.ts";
import { type Chosen, chosenShape } from "./tasks/choose.ts";
import { jsonIn } from "./tasks/read.ts";
import { modelIn } from "./tasks/train.ts";

/** What a training made: a version that is not published yet. */
export type Trained = Chosen & Pick<ModelVersion, "model">;

export async function trainedOf(done: Done, io: Pick<TaskIo, "results">): Promise<Trained> {
  const chosen = chosenShape.parse(jsonIn(await resultOf(io, outcomeOf(done, "choose").result)));
  return { ...chosen, model: modelIn(await resultOf(io, outcomeOf(done, "train").result)) };
}

/** The files of its folder: the same bytes for the same training, wherever it was done. */
export const filesOf = (trained: Trained): ReadonlyMap<VersionFile, Uint8Array> =>
  writeVersion(trained, (card) => cardPage(card, trained.details));
