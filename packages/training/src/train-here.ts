import { randomUUID } from "node:crypto";
import type { PastIncident } from "@mrdata/incident";
import { memoryResults } from "@mrdata/platform";
import { type Done, openTasks, type TaskName, type TaskOutcome, tasksInAll } from "./graph.ts";
import { historyAtHand } from "./history-source.ts";
import { type RunTask, taskRunner } from "./run-task.ts";
import type { TrainingSpec } from "./spec.ts";
import type { TaskIo } from "./task-io.ts";
import { openFitThreads } from "./threads/fit-threads.ts";
import { type Trained, trainedOf } from "./trained.ts";

export type TrainHereOptions = {
  /** Fitting threads; 0 runs everything in this one. */
  readonly workers?: number;
  /** Replaces fitting in threads, or in this one. */
  readonly fit?: TaskIo["fit"];
  readonly progress?: (done: number, of: number, task: TaskName) => void;
};

/**
 * Trains in this process on a history in memory: runs the tasks of a distributed training in order, which
 * gives the same version, bit for bit. Rejects with TrainingFailedError for a history that is too short.
 */
export async function trainHere(
  history: readonly PastIncident[],
  spec: TrainingSpec,
  { workers = 0, fit, progress = () => {} }: TrainHereOptions = {},
): Promise<Trained> {
  const threads = workers === 0 || fit !== undefined ? null : openFitThreads(workers);
  const io: TaskIo = {
    results: memoryResults(),
    history: historyAtHand(history),
    workers,
    ...(threads !== null && { fit: threads.fit, refit: threads.refit }),
    ...(fit !== undefined && { fit }),
  };
  try {
    const job = { job: randomUUID(), spec };
    const done = await runAll(taskRunner(io), job, { concurrency: Math.max(1, workers), progress });
    return await trainedOf(done, io);
  } finally {
    await threads?.close();
  }
}

/** Runs all tasks except publishing, up to `concurrency` at a time. */
async function runAll(
  run: RunTask,
  job: Parameters<RunTask>[0],
  {
    concurrency,
    progress,
  }: { readonly concurrency: number; readonly progress: NonNullable<TrainHereOptions["progress"]> },
): Promise<Done> {
  const done = new Map<TaskName, TaskOutcome>();
  for (;;) {
    const open = openTasks(done).filter((name) => name !== "publish");
    if (open.length === 0) return done;
    const waiting = [...open];
    const before = new Map(done);
    const work = async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        done.set(name, await run(job, name, before));
        progress(done.size, tasksInAll(done), name);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  }
}
