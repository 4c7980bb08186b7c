import {
  type AsOf,
  alertTypeOf,
  detailSubject,
  type EventDetails,
  type IncidentEvent,
  type IncidentSnapshot,
  subjectsOf,
} from "@mrdata/incident";
import type { Ledger } from "@mrdata/platform";
import type { Observation } from "@mrdata/responder";

export type Observed = { readonly observation: Observation; readonly asOf: AsOf; readonly alertType: string };

export type ObserveOptions = {
  /** The hold window, milliseconds. */
  readonly window: number;
  /** What is known of its alerts, of what the predictor looks at. */
  readonly details: EventDetails;
};

/** Reads what is known at the moment the incident opened, and which versions said so. */
export async function observe(
  ledger: Pick<Ledger, "trackRecords" | "organisationCounts">,
  event: IncidentEvent,
  snapshot: IncidentSnapshot,
  { window, details }: ObserveOptions,
): Promise<Observed> {
  const { service, title, urgency, priority } = snapshot;
  const at = event.occurredAt;
  const texts = Object.entries(details.texts);
  const subjects = [
    ...subjectsOf(service, title),
    ...texts.map(([name, value]) => detailSubject(service, name, value)),
  ];
  const [[alertType, serviceRecords, ...textRecords], organisation] = await Promise.all([
    ledger.trackRecords(subjects, window),
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
      textRecords: Object.fromEntries(texts.map(([name], i) => [name, textRecords[i]?.records ?? []])),
      texts: details.texts,
      numbers: details.numbers,
      organisation,
    },
    asOf: {
      records: Object.assign(
        {},
        ...[alertType, serviceRecords, ...textRecords].map((read) => read?.versions),
      ),
      organisation,
      at,
    },
    alertType: alertTypeOf(service, title).key,
  };
}
