import {
  type AsOf,
  alertTypeOf,
  type IncidentEvent,
  type IncidentSnapshot,
  subjectsOf,
} from "@mrdata/incident";
import type { Ledger } from "@mrdata/platform";
import type { Observation } from "@mrdata/responder";

export type Observed = { readonly observation: Observation; readonly asOf: AsOf; readonly alertType: string };

/** Reads what is known at the moment the incident opened, and which versions said so. */
export async function observe(
  ledger: Pick<Ledger, "trackRecords" | "organisationCounts">,
  event: IncidentEvent,
  snapshot: IncidentSnapshot,
  window: number,
): Promise<Observed> {
  const { service, title, urgency, priority } = snapshot;
  const at = event.occurredAt;
  const [[alertType, serviceRecords], organisation] = await Promise.all([
    ledger.trackRecords(subjectsOf(service, title), window),
    ledger.organisationCounts(at),
  ]);
  return {
    observation: {
      incident: event.incident,
      service,
      title,
      urgency,
      priority,
      openedAt: at,
      alertTypeRecords: alertType?.records ?? [],
      serviceRecords: serviceRecords?.records ?? [],
      organisation,
    },
    asOf: { records: { ...alertType?.versions, ...serviceRecords?.versions }, organisation, at },
    alertType: alertTypeOf(service, title).key,
  };
}
