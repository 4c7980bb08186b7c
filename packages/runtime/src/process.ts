import { assertUsableSecret, jsonLog, secretVariables, systemClock } from "@mrdata/platform";
import { type Backend, once, type SomeBackend } from "./backend.ts";
import type { BuildContext } from "./build-context.ts";
import { historyBucketOf, readEnvironment } from "./environment.ts";
import { logUnreadable } from "./log-unreadable.ts";
import { FUNCTION_LOCK_TIMEOUT_MS, type OpenContext } from "./openers.ts";
import { requireDeclared } from "./required.ts";

/** The ports that a function can open. Others are not in its bundle. */
export type Openers = {
  readonly [port in keyof Backend]?: (context: OpenContext) => ReturnType<Backend[port]>;
};

/**
 * The runtime of a deployed function: its environment, the real clock, and a log on standard output. `own` are variables
 * that it needs in addition to those of its ports.
 */
export function contextFromProcess(
  { bus, ledger, secrets, models, results, history, endpoint }: Openers,
  own: readonly string[] = [],
): BuildContext {
  const environment = readEnvironment(process.env);
  requireDeclared(process.env, { ledger: ledger !== undefined, models: models !== undefined }, own);
  for (const name of Object.values(secretVariables)) assertUsableSecret(name, process.env[name]);
  // A copy, because each access to process.env is a call to the operating system.
  const { MRDATA_TARGET: target, MRDATA_MODEL_BUCKET: modelBucket } = environment;
  const { MRDATA_SUFFIX: suffix, MRDATA_RETENTION: retention } = environment;
  const log = jsonLog((line) => process.stdout.write(line));
  const context: OpenContext = {
    target,
    modelBucket,
    historyBucket: historyBucketOf(environment),
    endpoint: environment.MRDATA_ENDPOINT,
    vertexUrl: environment.MRDATA_VERTEX_URL,
    suffix,
    retention,
    env: { ...process.env },
    clock: systemClock,
    lockTimeoutMs: FUNCTION_LOCK_TIMEOUT_MS,
    setAside: logUnreadable(log),
  };
  const backend: SomeBackend = {
    ...(bus && { bus: once(() => bus(context)) }),
    ...(ledger && { ledger: once(() => ledger(context)) }),
    ...(secrets && { secrets: once(() => secrets(context)) }),
    ...(models && { models: once(() => models(context)) }),
    ...(results && { results: once(() => results(context)) }),
    ...(history && { history: once(() => history(context)) }),
    ...(endpoint && { endpoint: once(() => endpoint(context)) }),
  };
  return { environment, backend, clock: systemClock, log };
}
