import { parentPort } from "node:worker_threads";
import { createRandom } from "@mrdata/forest";
import { type Job, type Report, runJob } from "./job.ts";

// Failures are what is played here, by the hundred thousand: to take down where one was made costs more than to make it.
Error.stackTraceLimit = 2;

const report = (message: Report): void => parentPort?.postMessage(message);

parentPort?.on("message", async (job: Job) => {
  // Pauses before a try are drawn by chance, and a run is to be the same again. Jobs come one after the other.
  Math.random = createRandom(job.seed).next;
  try {
    const judgement = await runJob(job, (share) => report({ kind: "progress", share }));
    report({ kind: "done", judgement });
  } catch (error) {
    report({
      kind: "failed",
      reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});
