import type { PastIncident } from "@mrdata/incident";
import type { Ledger, ResultStore } from "@mrdata/platform";
import type { TaskOutcome } from "./graph.ts";
import { historyAtHand } from "./history-source.ts";
import type { TrainingSpec } from "./spec.ts";
import { readTask } from "./tasks/read.ts";

/** Performs the reads of a job on a history that only the caller has, before the job is started, because its workers have no files. */
export async function storeHistory(
  { id, spec }: { readonly id: string; readonly spec: TrainingSpec },
  history: readonly PastIncident[],
  { ledger, results }: { readonly ledger: Pick<Ledger, "training">; readonly results: ResultStore },
): Promise<void> {
  const io = { results, history: historyAtHand(history) };
  let before: TaskOutcome | undefined;
  for (let k = 0; before === undefined || before.more === true; k++) {
    const outcome: TaskOutcome = await readTask({ job: id, spec }, { before }, io);
    const { result, more = false } = outcome;
    await ledger.training.openTask(id, `read-${k}`, spec.now);
    await ledger.training.endTask(id, `read-${k}`, { result, more }, spec.now);
    before = outcome;
  }
}
