import { parentPort } from "node:worker_threads";
import { fitOne, type Matrix } from "../matrix.ts";
import type { FitAsked } from "./fit-threads.ts";

// A thread that fits the blocks that it is asked for, of the matrix that it was given last. An error ends it.
let matrix: Matrix | null = null;
parentPort?.on("message", async (asked: FitAsked) => {
  matrix = asked.matrix ?? matrix;
  if (matrix === null) throw new Error("no matrix was given");
  parentPort?.postMessage(await fitOne(matrix, asked.block, asked.learner));
});
