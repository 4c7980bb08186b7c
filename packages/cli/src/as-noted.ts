import { type Backend, type Target, withDeployment } from "@mrdata/functions";
import type { Ledger } from "@mrdata/platform";
import { openTarget } from "./target.ts";

/** A target opened as the running bot noted it of itself; what the caller's environment names goes before that. */
export type AsNoted = {
  readonly ledger: Ledger;
  readonly backend: Backend;
  readonly env: NodeJS.ProcessEnv;
};

export async function openAsNoted(
  target: Target,
  caller: NodeJS.ProcessEnv,
  open: (target: Target, env: NodeJS.ProcessEnv) => Backend = openTarget,
): Promise<AsNoted> {
  const ledger = await open(target, caller).ledger();
  const env = withDeployment(await ledger.deployment(), caller);
  return { ledger, backend: open(target, env), env };
}
