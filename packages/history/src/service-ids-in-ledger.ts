import type { Ledger } from "@mrdata/platform";
import { idsByName, type ServiceIds } from "./service-names.ts";

const QUARTER_YEAR_MS = 90 * 86_400_000;

/** Ids of services by the names that webhooks and earlier imports recorded in the 90 days before `now`, in milliseconds. */
export async function serviceIdsInLedger(
  ledger: Pick<Ledger, "pastIncidents">,
  now: number,
): Promise<ServiceIds> {
  const known = new Map<string, string>();
  for await (const { events } of ledger.pastIncidents({ since: now - QUARTER_YEAR_MS }))
    for (const { snapshot } of events)
      if (snapshot?.serviceName && snapshot.serviceName !== snapshot.service)
        known.set(snapshot.service, snapshot.serviceName);
  return idsByName([...known].map(([id, name]) => ({ id, name })));
}
