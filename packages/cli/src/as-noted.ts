import { type Backend, readEnvironment, type Target, withDeployment } from "@mrdata/functions";
import type { Ledger } from "@mrdata/platform";
import { openTarget } from "./target.ts";

/** A target opened as the running bot noted it of itself; what the caller's environment names goes before that. */
export type AsNoted = {
  readonly ledger: Ledger;
  readonly backend: Backend;
  readonly env: NodeJS.ProcessEnv;
  /** The hold window as the bot noted it of itself, milliseconds; as the caller's environment says where it noted none. */
  readonly window: number;
};

export async function openAsNoted(
  target: Target,
  caller: NodeJS.ProcessEnv,
  open: (target: Target, env: NodeJS.ProcessEnv) => Backend = openTarget,
): Promise<AsNoted> {
  const ledger = await open(target, caller).ledger();
  const deployment = await ledger.deployment();
  const env = withDeployment(deployment, caller);
  const { MRDATA_WINDOW: window } = readEnvironment({
    ...caller,
    ...deployment?.environment,
    MRDATA_TARGET: "local:.",
  });
  return { ledger, backend: open(target, env), env, window };
}
