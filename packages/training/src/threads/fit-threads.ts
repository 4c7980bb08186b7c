import { Worker } from "node:worker_threads";
import type { RefitAnswers, RefitJob, TrainedLearner } from "@mrdata/learning";
import type { Matrix } from "../matrix.ts";

/** Threads that fit blocks of one matrix in memory shared with the caller. */
export type FitThreads = {
  fit(matrix: Matrix, block: number, learner: TrainedLearner): Promise<Float64Array>;
  refit(job: RefitJob): Promise<RefitAnswers>;
  close(): Promise<void>;
};

export type FitAsked =
  | { readonly matrix?: Matrix; readonly block: number; readonly learner: TrainedLearner }
  | { readonly job: RefitJob };

type Thread = { readonly worker: Worker; matrix: Matrix | null };

/** Opens `count` threads. Further requests wait for a free thread. */
export function openFitThreads(count: number): FitThreads {
  const free: Thread[] = Array.from({ length: count }, () => ({
    worker: new Worker(new URL("./fit-thread.ts", import.meta.url)),
    matrix: null,
  }));
  const all = [...free];
  const waiting: ((thread: Thread) => void)[] = [];
  const take = (): Promise<Thread> => {
    const thread = free.pop();
    return thread === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(thread);
  };
  const give = (thread: Thread): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(thread);
    else next(thread);
  };
  return {
    async fit(matrix, block, learner) {
      const thread = await take();
      try {
        const asked: FitAsked = thread.matrix === matrix ? { block, learner } : { matrix, block, learner };
        thread.matrix = matrix;
        return await answerOf<Float64Array>(thread.worker, asked);
      } finally {
        give(thread);
      }
    },
    async refit(job) {
      const thread = await take();
      try {
        return await answerOf<RefitAnswers>(thread.worker, { job });
      } finally {
        give(thread);
      }
    },
    async close() {
      await Promise.all(all.map(({ worker }) => worker.terminate()));
    },
  };
}

/** The answer of a thread has the type that the request asks for. */
function answerOf<Answer>(worker: Worker, asked: FitAsked): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => () => {
      worker.off("message", answered).off("error", failed).off("exit", ended);
      end();
    };
    const answered = (answer: Answer) => settle(() => resolve(answer))();
    const failed = (error: unknown) => settle(() => reject(error))();
    const ended = (code: number) =>
      settle(() => reject(new Error(`a thread ended with ${code} before it had fitted its block`)))();
    worker.on("message", answered).on("error", failed).on("exit", ended);
    worker.postMessage(asked);
  });
}
