import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "@mrdata/base";
import { allIndexes, createLedger } from "@mrdata/platform";
import {
  openEmbeddedHistory,
  openEmbeddedModels,
  openEmbeddedResults,
  openEmbeddedStore,
} from "@mrdata/platform/embedded";
import { ledgerHistory } from "../history-source.ts";
import { publishTask } from "../publish.ts";
import { taskRunner } from "../run-task.ts";
import { TrainingFailedError } from "../spec.ts";
import type { PublishIo } from "../task-io.ts";
import type { TaskAnswered, TaskAsked, TaskFiles } from "./task-threads.ts";

// A thread that runs requested tasks sequentially.
const files: TaskFiles = workerData;
const ledger = createLedger(openEmbeddedStore({ file: files.ledger, indexes: allIndexes }));
const io: PublishIo = {
  results: openEmbeddedResults({ dir: files.results }),
  models: openEmbeddedModels({ dir: files.models }),
  history: ledgerHistory(ledger),
  ledger,
  windowMs: files.windowMs,
  ...(files.imports !== undefined && {
    imports: {
      files: openEmbeddedHistory({ dir: files.imports.history }),
      identity: files.imports.identity,
      ledger,
    },
  }),
};
const run = taskRunner(io);

async function answer({ job, task, done }: TaskAsked): Promise<TaskAnswered> {
  try {
    return { outcome: task === "publish" ? await publishTask(job, done, io) : await run(job, task, done) };
  } catch (error) {
    return {
      problem: messageOf(error),
      forGood: error instanceof TrainingFailedError,
    };
  }
}

parentPort?.on("message", async (asked: TaskAsked) => parentPort?.postMessage(await answer(asked)));
