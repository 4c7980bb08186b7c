import { defaultSettings, type Ledger, type Settings } from "@mrdata/platform";
import { type Backend, readEnvironment, type Target, withDeployment } from "@mrdata/runtime";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { isThere, openTarget } from "./target.ts";

/**
 * A target opened with the configuration that the running bot has stored in its ledger. The caller's environment overrides it, except for
 * the window: otherwise checks and decisions would be read for another window than the bot works with.
 */
export type OpenedTarget = {
  readonly ledger: Ledger;
  readonly backend: Backend;
  readonly env: NodeJS.ProcessEnv;
  /** The bot's stored hold window, milliseconds; the caller's if none is stored. */
  readonly windowMs: number;
};

export async function openWithDeployedConfig(
  target: Target,
  caller: NodeJS.ProcessEnv,
  open: (target: Target, env: NodeJS.ProcessEnv) => Backend = openTarget,
): Promise<OpenedTarget> {
  const ledger = await open(target, caller).ledger();
  const deployment = await ledger.deployment();
  const own = deployment?.environment.MRDATA_WINDOW;
  const env = { ...withDeployment(deployment, caller), ...(own && { MRDATA_WINDOW: own }) };
  const windowMs = readWindow(env);
  return { ledger, backend: open(target, env), env, windowMs };
}

/** The bot's configuration, for commands that write into its target. `missBudget`: a share, from 0 to 1. */
export type DeployedConfig = Pick<OpenedTarget, "env" | "windowMs"> &
  Pick<Settings, "missBudget" | "certificate">;

/**
 * The bot's environment, window, miss budget and certificate settings. For a target that does not exist yet, or none at all (null), they
 * are the caller's environment and the defaults. Throws CommandError if the caller sets another window than the bot works with: data
 * written for one window is meaningless for another.
 */
export async function deployedConfigOf(
  target: Target | null,
  caller: NodeJS.ProcessEnv,
): Promise<DeployedConfig> {
  if (target === null || !isThere(target))
    return { env: caller, windowMs: readWindow(caller), ...policyOf(defaultSettings) };
  const { ledger, env, windowMs } = await openWithDeployedConfig(target, caller);
  // With unreadable settings nothing is held; other commands report that.
  const settings = await ledger.settings().catch(() => defaultSettings);
  await ledger.close();
  if (caller.MRDATA_WINDOW) assertWindow(readWindow(caller), windowMs, "MRDATA_WINDOW here");
  return { env, windowMs, ...policyOf(settings) };
}

const policyOf = ({ missBudget, certificate }: Settings) => ({ missBudget, certificate });

/** Throws CommandError if the requested window differs from the bot's, both in milliseconds. `named`: the option or variable that set it. */
export function assertWindow(requestedMs: number, deployedMs: number, named: string): void {
  if (requestedMs === deployedMs) return;
  throw new CommandError(
    `the bot works with a hold window of ${deployedMs / 1000} s, and ${named} says ${requestedMs / 1000} s: leave it out, or change the bot's own first`,
    exitCodes.usage,
  );
}

const readWindow = (env: NodeJS.ProcessEnv): number =>
  readEnvironment({ ...env, MRDATA_TARGET: "local:." }).MRDATA_WINDOW;
