import type { RefitAnswers, RefitJob, TrainedLearner } from "@mrdata/learning";
import type { Ledger, ModelStore, ResultStore } from "@mrdata/platform";
import type { HistorySource } from "./history-source.ts";
import type { Matrix } from "./matrix.ts";
import type { ImportIo } from "./tasks/import.ts";

/** The ports of tasks. */
export type TaskIo = {
  readonly results: ResultStore;
  readonly history: HistorySource;
  /** Where history files are imported from; absent if none are. */
  readonly imports?: ImportIo;
  /** The clock by which a tuning with a time limit ends; the system's if absent. */
  readonly now?: () => number;
  /** Additional threads for the final training; the model does not depend on their number. */
  readonly workers?: number;
  /** Replaces fitting in this thread. */
  readonly fit?: (matrix: Matrix, block: number, learner: TrainedLearner) => Promise<Float64Array>;
  /** Replaces refitting a block of another hold window in this thread. */
  readonly refit?: (job: RefitJob) => Promise<RefitAnswers>;
};

/** The ports of the publishing task. */
export type PublishIo = TaskIo & {
  readonly models: ModelStore;
  readonly ledger: Pick<Ledger, "alias" | "promoteByItself" | "setAlias" | "training" | "predictions">;
  /** The current hold window of the functions, milliseconds: a job may come from another deployment. */
  readonly windowMs: number;
};

/** The bytes of a result. Throws Error if it is missing: it expired, or the store lost it. */
export async function resultOf({ results }: Pick<TaskIo, "results">, name: string): Promise<Uint8Array> {
  const bytes = await results.read(name);
  if (bytes === null) throw new Error(`the result ${name} is not there any more`);
  return bytes;
}

/** The stored result of this name; if there is none, the result of `make`, which is then stored. */
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
