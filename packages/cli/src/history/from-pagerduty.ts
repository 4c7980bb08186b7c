import { join } from "node:path";
import { idsByName, type ServiceIds } from "@mrdata/history";
import { type PastIncident, timeReader } from "@mrdata/incident";
import {
  countIncidents,
  createPagerDuty,
  type HistoryCalls,
  pacedFetch,
  readAccount,
} from "@mrdata/pagerduty";
import { type Clock, systemClock } from "@mrdata/platform";
import { readEnvironment } from "@mrdata/runtime";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { paceOf } from "../pace.ts";
import type { Terminal } from "../terminal.ts";
import type { ImportRange, ImportState, importStateIn } from "./import-state.ts";
import { identityOf } from "./load-history.ts";

export type AccountHistory = { readonly incidents: readonly PastIncident[]; readonly bad: number };

/** The state of an import over the REST API, in the folder of a target. */
export const stateFile = (home: string): string => join(home, "import-from-pagerduty.ndjson");

const MINUTE_MS = 60_000;

/** The client of an import: paced to leave the rate limit to others. Throws CommandError without a token. */
export function historyClient(
  token: string | null,
  clock: Clock,
  env: NodeJS.ProcessEnv,
): { readonly calls: HistoryCalls; readonly account: string } {
  const { MRDATA_PAGERDUTY_URL: url } = readEnvironment({ ...env, MRDATA_TARGET: "local:." });
  const text = token?.trim();
  if (!text)
    throw new CommandError(
      "no PagerDuty token is configured: set MRDATA_PAGERDUTY_TOKEN to a REST API key; a read-only one is enough for an import",
      exitCodes.notConfigured,
    );
  const calls = createPagerDuty({
    auth: { kind: "token", token: async () => text },
    from: null,
    ...(url === null ? {} : { baseUrl: url }),
    clock,
    fetch: pacedFetch(fetch, clock),
    attempts: 8,
    timeout: 30_000,
    deadline: 10 * MINUTE_MS,
  });
  return { calls, account: url ?? "api.pagerduty.com" };
}

/** The ids of an account's services by name. Rejects with PagerDutyError after two attempts. */
export async function serviceIdsOfAccount(token: string, env: NodeJS.ProcessEnv): Promise<ServiceIds> {
  const { MRDATA_PAGERDUTY_URL: url } = readEnvironment({ ...env, MRDATA_TARGET: "local:." });
  const { listServices } = createPagerDuty({
    auth: { kind: "token", token: async () => token },
    from: null,
    ...(url === null ? {} : { baseUrl: url }),
    clock: systemClock,
    attempts: 2,
  });
  const services: { readonly id: string; readonly name: string }[] = [];
  for await (const { id, name } of listServices()) services.push({ id, name });
  return idsByName(services);
}

export type AccountOptions = {
  readonly calls: HistoryCalls;
  readonly state: ReturnType<typeof importStateIn>;
  /** The import to start, if none is under way. */
  readonly of: ImportRange;
  readonly autoResolveAfter: number | null;
  readonly now: () => number;
  readonly restart: boolean;
};

/**
 * Reads an account's history, resuming an interrupted import of the same range. What was read stays in the state file until the caller
 * ends it.
 */
export async function historyOfAccount(
  { calls, state, of, autoResolveAfter, now, restart }: AccountOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<AccountHistory> {
  const before = restart ? null : state.read();
  if (before !== null && (before.account !== of.account || before.asked !== of.asked))
    throw new CommandError(
      `an import of ${before.asked} from ${before.account} was interrupted at ${day(before.done)}: go on with --since ${before.asked}, or begin anew with --restart`,
    );
  const from: ImportState = before ?? { ...of, done: of.since, incidents: [] };
  if (before === null) state.begin(of);
  else
    terminal.say(
      `going on at ${day(from.done)}, with ${from.incidents.length} incidents that were read before`,
    );
  const period = { since: from.done, until: from.until };
  terminal.progress("asking PagerDuty how many incidents there are");
  const all = from.incidents.length + (await countIncidents(calls, period));
  const incidents = [...from.incidents];
  const pace = paceOf(now);
  let bad = 0;
  for await (const batch of readAccount(calls, period, {
    identity: identityOf(env),
    time: timeReader(),
    autoResolveAfter,
  })) {
    state.add(batch.incidents, batch.until);
    incidents.push(...batch.incidents);
    for (const problem of batch.bad) if (++bad <= MAX_REPORTED) terminal.say(`${problem}: left out`);
    const read = incidents.length - from.incidents.length;
    terminal.progress(
      `reading PagerDuty: ${incidents.length} of ${all} incidents, up to ${day(batch.until)}${pace(read, all - from.incidents.length)}`,
    );
  }
  return { incidents, bad };
}

const MAX_REPORTED = 10;
const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
