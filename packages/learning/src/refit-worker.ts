import { parentPort, workerData } from "node:worker_threads";
import { type RefitJob, refit } from "./refit.ts";

// A thread that runs its share of a backtest's refits, posts each when done, and exits.
const jobs: readonly (readonly [place: number, job: RefitJob])[] = workerData;
for (const [place, job] of jobs) parentPort?.postMessage([place, await refit(job)]);
