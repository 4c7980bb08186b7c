import type { RefitAnswers, RefitJob, TrainedLearner } from "@mrdata/learning";
import type { Ledger, ModelStore, ResultStore } from "@mrdata/platform";
import type { HistorySource } from "./history-source.ts";
import type { Matrix } from "./matrix.ts";
import type { ImportIo } from "./tasks/import.ts";

/** What tasks work with. */
export type TaskIo = {
  readonly results: ResultStore;
  readonly history: HistorySource;
  /** Where history files are imported from; left out where none are. */
  readonly imports?: ImportIo;
  /** The time, by which a tuning that may take so many minutes ends; the system's if left out. */
  readonly now?: () => number;
  /** Threads beside this one for the last training; the model is the same. */
  readonly workers?: number;
  /** In place of fitting in this thread. */
  readonly fit?: (matrix: Matrix, block: number, learner: TrainedLearner) => Promise<Float64Array>;
  /** In place of refitting a block of another hold window in this thread. */
  readonly refit?: (job: RefitJob) => Promise<RefitAnswers>;
};

/** What the task that publishes works with, too. */
export type PublishIo = TaskIo & {
  readonly models: ModelStore;
  readonly ledger: Pick<Ledger, "alias" | "promoteByItself" | "setAlias" | "training" | "predictions">;
  /** The hold window that the functions work with now, milliseconds: a job may be of another deployment. */
  readonly windowMs: number;
};

/** The bytes of a result. Throws Error where it is not there: it was dropped, or the store lost it. */
export async function resultOf({ results }: Pick<TaskIo, "results">, name: string): Promise<Uint8Array> {
  const bytes = await results.read(name);
  if (bytes === null) throw new Error(`the result ${name} is not there any more`);
  return bytes;
}

/** What is there under a name, or what `make` gives, which is then there. */
export async function resultOr(
  { results }: Pick<TaskIo, "results">,
  name: string,
  make: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const known = await results.read(name);
  if (known !== null) return known;
  const bytes = await make();
  if (await results.write(name, bytes)) return bytes;
  return resultOf({ results }, name);
}
