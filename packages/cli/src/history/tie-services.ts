import { messageOf } from "@mrdata/base";
import {
  readServiceNames,
  type ServiceIds,
  serviceIdsInLedger,
  withoutServiceId,
  withServiceIds,
} from "@mrdata/history";
import type { PastIncident } from "@mrdata/incident";
import type { Ledger } from "@mrdata/platform";
import type { Target } from "@mrdata/runtime";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { openTarget } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { serviceIdsOfAccount } from "./from-pagerduty.ts";
import type { ImportCommandOptions } from "./import-options.ts";

/** Replaces service names by ids: from the table in `--services`, then from PagerDuty if a token is set. */
export async function tiedByNames(
  incidents: readonly PastIncident[],
  { services }: ImportCommandOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<readonly PastIncident[]> {
  const tied = services === undefined ? incidents : withServiceIds(incidents, readServiceNames(services));
  const token = env.MRDATA_PAGERDUTY_TOKEN?.trim();
  if (!token || withoutServiceId(tied).length === 0) return tied;
  terminal.progress("asking PagerDuty for the names of services");
  try {
    return withServiceIds(tied, await serviceIdsOfAccount(token, env));
  } catch (error) {
    terminal.say(`the names of services could not be looked up: ${messageOf(error)}`);
    return tied;
  }
}

/** Service ids by name, as webhooks and earlier imports recorded them; empty if there is no ledger yet. */
export async function idsInLedger(target: Target, env: NodeJS.ProcessEnv): Promise<ServiceIds> {
  const ledger = await existingLedger(target, env);
  if (ledger === null) return new Map();
  try {
    return await serviceIdsInLedger(ledger, Date.now());
  } finally {
    await ledger.close();
  }
}

async function existingLedger(target: Target, env: NodeJS.ProcessEnv): Promise<Ledger | null> {
  try {
    return await openTarget(target, env).ledger();
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === exitCodes.notConfigured) return null;
    throw error;
  }
}
