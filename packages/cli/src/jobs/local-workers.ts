import { startLocalLearning } from "@mrdata/functions";
import { type Ledger, systemClock } from "@mrdata/platform";
import { readEnvironment, type Target } from "@mrdata/runtime";
import { findRunning } from "../running.ts";

/**
 * Starts workers in this process for the tasks of a local home, with the bus that delivers them; the caller closes them. Null if others
 * take the tasks: the functions at Google, or another process that serves this home, since two must not deliver from one bus.
 */
export async function startLocalWorkers(
  target: Target,
  {
    workers,
    ledger,
    env,
  }: { readonly workers: number; readonly ledger: Ledger; readonly env: NodeJS.ProcessEnv },
): Promise<Awaited<ReturnType<typeof startLocalLearning>> | null> {
  if (target.kind === "gcp" || findRunning(target.directory) !== null) return null;
  return startLocalLearning({
    home: target.directory,
    workers,
    ledger,
    environment: readEnvironment({ ...env, MRDATA_TARGET: `local:${target.directory}` }),
    clock: systemClock,
    log: () => {},
  });
}
