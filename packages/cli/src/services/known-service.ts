import { nearest, type PagerDuty, PagerDutyError } from "@mrdata/pagerduty";
import type { Ledger } from "@mrdata/platform";
import { CommandError } from "../exit-codes.ts";

export type ServicePorts = {
  readonly ledger: Pick<Ledger, "settings" | "predictions" | "trackRecords">;
  /** Null while no token is configured: then only the ledger is consulted. */
  readonly pagerduty: Pick<PagerDuty, "getService" | "listServices"> | null;
};

/** The number of latest decisions searched for suggestions. */
const MAX_SEARCHED = 500;
const MAX_NAMED = 5;

/**
 * Throws CommandError, with suggestions, for a service that neither the ledger nor PagerDuty knows: setting the mode of a misspelt service
 * would have no effect, and nobody would notice. `windowMs`: of the track records, milliseconds.
 */
export async function assertKnownService(
  service: string,
  { ledger, pagerduty }: ServicePorts,
  windowMs: number,
): Promise<void> {
  const { services } = await ledger.settings();
  if (Object.hasOwn(services, service)) return;
  const [records] = await ledger.trackRecords([{ kind: "service", key: service }], windowMs);
  if (records !== undefined && records.records.length > 0) return;
  if ((await ledger.predictions({ limit: 1, service })).length > 0) return;
  if (pagerduty !== null && (await isThere(pagerduty, service))) return;
  const lately = (await ledger.predictions({ limit: MAX_SEARCHED })).map((one) => one.service);
  const known = new Map(
    [...Object.keys(services), ...lately].map((id): [string, string | null] => [id, null]),
  );
  if (pagerduty !== null) for await (const { id, name } of pagerduty.listServices()) known.set(id, name);
  throw unknownService(service, known);
}

/** The error for an unknown service. `known`: names by id, null if only the id is known. */
export function unknownService(service: string, known: ReadonlyMap<string, string | null>): CommandError {
  const label = (id: string): string => {
    const name = known.get(id);
    return name == null ? id : `${id} (${name})`;
  };
  const byName = [...known].find(([, name]) => name?.toLowerCase() === service.toLowerCase())?.[0];
  const names = [...known.values()].flatMap((name) => name ?? []);
  const nearName = nearest(service, names);
  const near =
    byName ?? nearest(service, [...known.keys()]) ?? [...known].find(([, name]) => name === nearName)?.[0];
  const meant =
    near !== undefined
      ? `Did you mean ${label(near)}?`
      : known.size === 0
        ? "No service is known yet: no incident was recorded. With MRDATA_PAGERDUTY_TOKEN set, PagerDuty is asked."
        : `Known are ${[...known.keys()].slice(0, MAX_NAMED).map(label).join(", ")}${known.size > MAX_NAMED ? " …" : ""}.`;
  return new CommandError(
    `no service '${service}' is known: give its id, as its address in PagerDuty ends (P…). ${meant}`,
  );
}

async function isThere(pagerduty: Pick<PagerDuty, "getService">, service: string): Promise<boolean> {
  try {
    await pagerduty.getService(service);
    return true;
  } catch (error) {
    if (error instanceof PagerDutyError && error.status === 404) return false;
    throw error;
  }
}
