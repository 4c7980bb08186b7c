import type { Ledger, TrainingTask } from "@mrdata/platform";
import { type Done, taskOutcome } from "./graph.ts";

/** The finished tasks of a job, with their outcomes. */
export async function doneOf(job: string, ledger: Pick<Ledger, "training">): Promise<Done> {
  return doneAmong(await ledger.training.tasksOf(job));
}

export function doneAmong(tasks: readonly TrainingTask[]): Done {
  return new Map(
    tasks.flatMap(({ name, outcome }) =>
      outcome === null ? [] : [[name, taskOutcome.parse(outcome)] as const],
    ),
  );
}
