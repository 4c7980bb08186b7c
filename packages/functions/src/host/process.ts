import { jsonLog, systemClock } from "@mrdata/platform";
import { openBackend } from "./backend.ts";
import type { BuildContext } from "./build.ts";
import { readEnvironment } from "./environment.ts";

/** What a deployed function runs with: its environment, the real clock, and a log on standard output. */
export function contextFromProcess(): BuildContext {
  const environment = readEnvironment(process.env);
  const log = jsonLog((line) => process.stdout.write(line));
  const backend = openBackend({
    target: environment.MRDATA_TARGET,
    modelBucket: environment.MRDATA_MODEL_BUCKET,
    env: process.env,
    clock: systemClock,
    log,
  });
  return { environment, backend, clock: systemClock, log };
}
