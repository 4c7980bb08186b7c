import { Worker } from "node:worker_threads";
import type { Done, TaskName, TaskOutcome } from "../graph.ts";
import type { TaskJob } from "../run-task.ts";
import { TrainingFailedError } from "../spec.ts";
import type { ImportIo } from "../tasks/import.ts";

/** The files that the tasks of a local bot use. */
export type TaskFiles = {
  readonly ledger: string;
  readonly models: string;
  readonly results: string;
  /** The bot's hold window, milliseconds. */
  readonly windowMs: number;
  /** The folder of history files, and the accounts in them that are not persons; absent if none are imported. */
  readonly imports?: { readonly history: string; readonly identity: ImportIo["identity"] };
};

/** Threads that run whole tasks, each with its own stores; they share data only through the disk. */
export type TaskThreads = {
  run(job: TaskJob, task: TaskName, done: Done): Promise<TaskOutcome>;
  close(): Promise<void>;
};

export type TaskAsked = { readonly job: TaskJob; readonly task: TaskName; readonly done: Done };
export type TaskAnswered =
  | { readonly outcome: TaskOutcome }
  /** `forGood`: a permanent failure; a retry would not help. */
  | { readonly problem: string; readonly forGood: boolean };

/** Opens up to `count` threads, each when it is first needed. Further requests wait for a free thread. */
export function openTaskThreads(count: number, files: TaskFiles): TaskThreads {
  const free: (Worker | null)[] = Array.from({ length: count }, () => null);
  const all = new Set<Worker>();
  const waiting: ((worker: Worker | null) => void)[] = [];
  const take = (): Promise<Worker | null> => {
    if (free.length === 0) return new Promise((resolve) => waiting.push(resolve));
    return Promise.resolve(free.pop() ?? null);
  };
  const give = (worker: Worker | null): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(worker);
    else next(worker);
  };
  const start = (): Worker => {
    const worker = new Worker(new URL("./task-thread.ts", import.meta.url), { workerData: files });
    all.add(worker);
    worker.once("exit", () => all.delete(worker));
    return worker;
  };
  return {
    async run(job, task, done) {
      const worker = (await take()) ?? start();
      let alive = true;
      try {
        const answered = await answerOf(worker, { job, task, done });
        if ("outcome" in answered) return answered.outcome;
        throw answered.forGood ? new TrainingFailedError(answered.problem) : new Error(answered.problem);
      } catch (error) {
        alive = all.has(worker);
        throw error;
      } finally {
        // A thread that died is replaced for the next task.
        give(alive ? worker : null);
      }
    },
    async close() {
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

function answerOf(worker: Worker, asked: TaskAsked): Promise<TaskAnswered> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      worker.off("message", answered).off("error", failed).off("exit", ended);
      end();
    };
    const answered = (answer: TaskAnswered) => settle(() => resolve(answer));
    const failed = (error: unknown) => settle(() => reject(error));
    const ended = (code: number) =>
      settle(() => reject(new Error(`the thread that did the task ended with ${code}`)));
    worker.on("message", answered).on("error", failed).on("exit", ended);
    worker.postMessage(asked);
  });
}
