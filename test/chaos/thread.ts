import { Worker } from "node:worker_threads";
import type { Job, Report } from "./job.ts";
import type { Judgement } from "./judge.ts";

/** A core of its own for one run after the other: what the first has compiled the next ones need not compile again. */
export type Thread = {
  /** Rejects with what went wrong, and then the thread is of no use any more. One run at a time. */
  play(job: Job, onProgress: (share: number) => void): Promise<Judgement>;
  end(): Promise<unknown>;
};

export function startThread(): Thread {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: 96, maxOldGenerationSizeMb: 4096 },
  });
  return {
    play: (job, onProgress) =>
      new Promise((resolve, reject) => {
        const settle = (work: () => void): void => {
          worker.off("message", listen).off("error", fail).off("exit", gone);
          work();
        };
        const fail = (error: unknown): void => settle(() => reject(error));
        const gone = (): void => fail(new Error("the thread ended in the middle of it"));
        const listen = (report: Report): void => {
          if (report.kind === "progress") onProgress(report.share);
          else if (report.kind === "failed") fail(new Error(report.reason));
          else settle(() => resolve(report.judgement));
        };
        worker.on("message", listen).on("error", fail).on("exit", gone);
        worker.postMessage(job);
      }),
    end: () => worker.terminate(),
  };
}
