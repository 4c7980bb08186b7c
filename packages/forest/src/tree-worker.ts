import { parentPort } from "node:worker_threads";
import { growTrees, memoryOf, type TreeJob } from "./train-forest.ts";

// A thread that grows its share of a forest's trees and transfers them.
parentPort?.once("message", (job: TreeJob) => {
  const grown = growTrees(job);
  parentPort?.postMessage(grown, memoryOf(grown));
});
