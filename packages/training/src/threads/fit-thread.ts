import { parentPort } from "node:worker_threads";
import { refit } from "@mrdata/learning";
import { fitOne, type Matrix } from "../matrix.ts";
import type { FitAsked } from "./fit-threads.ts";

// A thread that fits requested blocks of the matrix that it was last given, or performs a whole refit. An error ends it.
let matrix: Matrix | null = null;
parentPort?.on("message", async (asked: FitAsked) => {
  if ("job" in asked) {
    parentPort?.postMessage(await refit(asked.job));
    return;
  }
  matrix = asked.matrix ?? matrix;
  if (matrix === null) throw new Error("no matrix was given");
  parentPort?.postMessage(await fitOne(matrix, asked.block, asked.learner));
});
