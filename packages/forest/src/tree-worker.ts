import { parentPort } from "node:worker_threads";
import { growTrees, memoryOf, type TreeJob } from "./train-forest.ts";

// A thread that grows its share of a forest's trees and hands them over.
parentPort?.once("message", (job: TreeJob) => {
  const grown = growTrees(job);
  parentPort?.postMessage(grown, memoryOf(grown));
});
