import { existsSync, mkdirSync } from "node:fs";
import { messageOf } from "@mrdata/base";
import { type DocumentStore, systemClock } from "@mrdata/platform";
import {
  type Backend,
  localFiles,
  type OpenContext,
  openBackend,
  openStore,
  parseTarget,
  readEnvironment,
  type Target,
} from "@mrdata/runtime";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { openReachableLedger } from "./reachable-ledger.ts";
import { warnUnreadable } from "./warnings.ts";

export const DEFAULT_TARGET = "local:.mrdata";

export type TargetOptions = { readonly target?: string | undefined; readonly home?: string | undefined };

/** The target named by the options, by MRDATA_TARGET, or by default. */
export function chooseTarget({ target, home }: TargetOptions, env: NodeJS.ProcessEnv): Target {
  if (target !== undefined && home !== undefined) {
    throw new CommandError(
      "only one of --target and --home can be given: --home DIR is short for --target local:DIR",
      exitCodes.usage,
    );
  }
  try {
    return parseTarget(
      home === undefined ? (target ?? (env.MRDATA_TARGET || DEFAULT_TARGET)) : `local:${home}`,
    );
  } catch (error) {
    throw new CommandError(messageOf(error), exitCodes.usage);
  }
}

/** The directory of a local target, for commands that run servers. Throws CommandError for any other target. */
export function localDirectory(options: TargetOptions, env: NodeJS.ProcessEnv, command: string): string {
  const target = chooseTarget(options, env);
  if (target.kind === "local") return target.directory;
  throw new CommandError(
    `'${command}' runs on this machine: give --home DIR or --target local:DIR, not gcp:…`,
    exitCodes.usage,
  );
}

/** Opens a target for writing; creates a missing local folder. */
export function openOrCreateTarget(target: Target, env: NodeJS.ProcessEnv): Backend {
  if (target.kind === "local") mkdirSync(target.directory, { recursive: true, mode: 0o700 });
  return backendOf(target, env);
}

/** Whether the target exists; one on Google Cloud is assumed to. */
export const isThere = (target: Target): boolean =>
  target.kind === "gcp" || existsSync(localFiles(target.directory).ledger);

/** Opens an existing target. Throws CommandError for a local folder without a ledger, naming the command that creates one. */
export function openTarget(target: Target, env: NodeJS.ProcessEnv): Backend {
  if (target.kind === "local" && !isThere(target)) {
    throw new CommandError(
      `there is no ledger in ${target.directory}: run 'mrdata serve --home ${target.directory}' first, or name another with --home or --target`,
      exitCodes.notConfigured,
    );
  }
  return backendOf(target, env);
}

const contextOf = (target: Target, env: NodeJS.ProcessEnv): OpenContext => ({
  target,
  modelBucket: env.MRDATA_MODEL_BUCKET ?? null,
  suffix: env.MRDATA_SUFFIX ?? "",
  retention: readEnvironment({ ...env, MRDATA_TARGET: "local:." }).MRDATA_RETENTION,
  env,
  clock: systemClock,
  setAside: warnUnreadable,
});

/** Opens the raw documents of a ledger; call it after the ledger has responded (`openTarget`, `openOrCreateTarget`). */
export const openDocuments = (target: Target, env: NodeJS.ProcessEnv): Promise<DocumentStore> =>
  openStore(contextOf(target, env));

function backendOf(target: Target, env: NodeJS.ProcessEnv): Backend {
  const backend = openBackend(contextOf(target, env));
  return target.kind === "local"
    ? backend
    : { ...backend, ledger: () => openReachableLedger(backend.ledger, target, env) };
}
