import { parentPort } from "node:worker_threads";
import { growTrees, type TreeJob } from "./train-forest.ts";

// A thread that grows its share of a forest's trees and posts them.
parentPort?.once("message", (job: TreeJob) => parentPort?.postMessage(growTrees(job)));
