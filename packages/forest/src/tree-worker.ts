import { parentPort, workerData } from "node:worker_threads";
import { growHere, type TreeJob } from "./train-forest.ts";

// A thread that grows its share of a forest's trees, posts them, and ends.
const job: TreeJob = workerData;
parentPort?.postMessage(growHere(job));
