import { parentPort, workerData } from "node:worker_threads";
import { type Job, type Report, runJob } from "./job.ts";

// Failures are what is played here, by the hundred thousand: the place where one was made costs more than all that is made of it.
Error.stackTraceLimit = 2;
const job: Job = workerData;
const report = (message: Report): void => parentPort?.postMessage(message);

try {
  const judgement = await runJob(job, (share) => report({ kind: "progress", share }));
  report({ kind: "done", judgement });
} catch (error) {
  report({ kind: "failed", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
