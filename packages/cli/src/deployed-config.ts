import { defaultSettings, type Ledger, type Settings } from "@mrdata/platform";
import { type Backend, readEnvironment, type Target, withDeployment } from "@mrdata/runtime";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { isThere, openTarget } from "./target.ts";

/**
 * A target opened as the running bot noted it of itself. What the caller's environment names goes before that, but for the
 * window: it is the bot's own wherever one was noted, or checks and decisions would be read by another than is worked with.
 */
export type OpenedTarget = {
  readonly ledger: Ledger;
  readonly backend: Backend;
  readonly env: NodeJS.ProcessEnv;
  /** The hold window as the bot noted it of itself, milliseconds; as the caller's environment says where it noted none. */
  readonly window: number;
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
  const window = readWindow(env);
  return { ledger, backend: open(target, env), env, window };
}

/** What the bot goes by, for what writes into its target. `missBudget`: a share, from 0 to 1. */
export type DeployedConfig = Pick<OpenedTarget, "env" | "window"> &
  Pick<Settings, "missBudget" | "certificate">;

/**
 * The bot's environment, window, miss budget and certificates for what writes into a target, which may not be there yet: then they
 * are the caller's and the usual ones; so they are where no target is touched (null). Throws CommandError where the
 * caller names another window than the bot works with: what is written for one window means nothing in another.
 */
export async function deployedConfigOf(
  target: Target | null,
  caller: NodeJS.ProcessEnv,
): Promise<DeployedConfig> {
  if (target === null || !isThere(target))
    return { env: caller, window: readWindow(caller), ...goneBy(defaultSettings) };
  const { ledger, env, window } = await openWithDeployedConfig(target, caller);
  // Settings that cannot be read hold nothing; that they are so is told elsewhere.
  const settings = await ledger.settings().catch(() => defaultSettings);
  await ledger.close();
  if (caller.MRDATA_WINDOW) assertWindow(readWindow(caller), window, "MRDATA_WINDOW here");
  return { env, window, ...goneBy(settings) };
}

const goneBy = ({ missBudget, certificate }: Settings) => ({ missBudget, certificate });

/** Throws CommandError where a window, milliseconds, is not the one that the bot works with. `named` says who names it. */
export function assertWindow(asked: number, window: number, named: string): void {
  if (asked === window) return;
  throw new CommandError(
    `the bot works with a hold window of ${window / 1000} s, and ${named} says ${asked / 1000} s: leave it out, or change the bot's own first`,
    exitCodes.usage,
  );
}

const readWindow = (env: NodeJS.ProcessEnv): number =>
  readEnvironment({ ...env, MRDATA_TARGET: "local:." }).MRDATA_WINDOW;
