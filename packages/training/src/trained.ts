import { type ModelVersion, type UnsealedVersion, type VersionFile, writeVersion } from "@mrdata/learning";
import { cardPage } from "@mrdata/report";
import type { Done } from "./graph.ts";
import { outcomeOf } from "./run-task.ts";
import { resultOf, type TaskIo } from "./task-io.ts";
import { type Chosen, chosenIn } from "./tasks/choose.ts";
import { modelIn } from "./tasks/train.ts";

/** The result of a training: a version that is not published yet. */
export type Trained = Chosen & Pick<ModelVersion, "model">;

export async function trainedOf(done: Done, io: Pick<TaskIo, "results">): Promise<Trained> {
  const chosen = chosenIn(await resultOf(io, outcomeOf(done, "choose").result));
  return { ...chosen, model: modelIn(await resultOf(io, outcomeOf(done, "train").result)) };
}

/** The files of a version's folder: byte-identical for the same training, wherever it ran. */
export const filesOf = (trained: UnsealedVersion): ReadonlyMap<VersionFile, Uint8Array> =>
  writeVersion(trained, (card) => cardPage(card, trained.details, trained.model));
