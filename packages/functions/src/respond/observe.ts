import {
  type AsOf,
  alertTypeOf,
  detailSubject,
  type EventDetails,
  type IncidentEvent,
  type IncidentSnapshot,
  type NameKeys,
  nameKeysOf,
  subjectsOf,
  type TrackRecord,
  withoutIncident,
} from "@mrdata/incident";
import type { Ledger, ReadRecords } from "@mrdata/platform";
import type { Observation } from "@mrdata/responder";

export type Observed = {
  readonly observation: Observation;
  readonly asOf: AsOf;
  readonly alertType: string;
  readonly names: NameKeys;
};

export type ObserveOptions = {
  /** The hold window, milliseconds. */
  readonly window: number;
  /** What is known of its alerts, of what the predictor looks at. */
  readonly details: EventDetails;
};

/**
 * Reads what is known at the moment the incident opened, and which versions said so. The incident itself may have been
 * recorded already, for `record` hears of it at the same time: it is left out, as it is where a model is trained. Where what
 * is its own cannot be read, it cannot be told from the past, and no past is known, as of an alert that was never seen.
 */
export async function observe(
  ledger: Pick<Ledger, "recordsBeside" | "organisationCounts">,
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
  const [{ records, own }, organisation] = await Promise.all([
    ledger.recordsBeside(event, { subjects, window }),
    ledger.organisationCounts(at),
  ]);
  const [alertType, serviceRecords, finest, general, words, ...textRecords] = own === null ? [] : records;
  const others = (of: ReadRecords | undefined): readonly TrackRecord[] => {
    if (of === undefined || own === null || own.length === 0) return of?.records ?? [];
    const keys = Object.keys(of.versions).filter((key) => (of.versions[key] ?? 0) > 0);
    return of.records.map((record, i) => withoutIncident(keys[i] ?? "", record, own, { window }));
  };
  return {
    observation: {
      incident: event.incident,
      service,
      title,
      urgency,
      priority,
      openedAt: at,
      alertTypeRecords: others(alertType),
      serviceRecords: others(serviceRecords),
      nameRecords: [others(finest), others(general), others(words)],
      textRecords: Object.fromEntries(texts.map(([name], i) => [name, others(textRecords[i])])),
      texts: details.texts,
      numbers: details.numbers,
      organisation,
    },
    asOf: {
      records: Object.assign(
        {},
        ...[alertType, serviceRecords, finest, general, words, ...textRecords].map((read) => read?.versions),
      ),
      organisation,
      at,
    },
    alertType: alertTypeOf(service, title).key,
    names: nameKeysOf(service, title),
  };
}
