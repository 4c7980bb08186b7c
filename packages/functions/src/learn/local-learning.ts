import type { Clock, Ledger, Log } from "@mrdata/platform";
import {
  openEmbeddedBus,
  openEmbeddedHistory,
  openEmbeddedModels,
  openEmbeddedResults,
} from "@mrdata/platform/embedded";
import {
  busDoor,
  type Environment,
  historyBucketOf,
  listen,
  localFiles,
  newBusSecret,
} from "@mrdata/runtime";
import { openTaskThreads } from "@mrdata/training/threads";
import { learnSubscriptionOf } from "../local-stack.ts";
import { buildLearn } from "./build-learn.ts";
import { taskFilesOf } from "./task-files.ts";

export type LocalLearningOptions = {
  readonly home: string;
  /** Number of threads that run tasks. */
  readonly workers: number;
  readonly ledger: Ledger;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Runs training tasks on this machine for as long as it is open: function `learn` behind the embedded bus, and
 * `workers` threads. What is under way when it closes is redelivered to whoever next opens the same home.
 */
export async function startLocalLearning(options: LocalLearningOptions) {
  const { home, workers, ledger, environment, clock, log } = options;
  const files = localFiles(home);
  const threads = openTaskThreads(workers, taskFilesOf(files, environment));
  const bearer = newBusSecret();
  const late: { learn: Awaited<ReturnType<typeof buildLearn>> | null } = { learn: null };
  const server = await listen(
    { learn: async (request) => late.learn?.(request) ?? Response.json({}, { status: 503 }) },
    0,
    { door: busDoor(bearer) },
  );
  const bus = openEmbeddedBus({
    file: files.bus,
    clock,
    log,
    bearer,
    subscriptions: [learnSubscriptionOf(server.url)],
    concurrency: workers,
  });
  const backend = {
    bus: async () => bus,
    ledger: async () => ledger,
    models: async () => openEmbeddedModels({ dir: files.models }),
    results: async () => openEmbeddedResults({ dir: files.results }),
    history: async () =>
      historyBucketOf(environment) === null ? null : openEmbeddedHistory({ dir: files.history }),
  };
  late.learn = await buildLearn(
    { environment, backend, clock, log },
    { run: threads.run, concurrency: workers },
  );
  bus.start();
  return {
    bus,
    async close() {
      await threads.close();
      await bus.close();
      await server.close();
    },
  };
}
