import {
  type AsOf,
  alertTypeOf,
  detailSubject,
  type EventDetails,
  type IncidentEvent,
  type IncidentSnapshot,
  type NameKeys,
  nameKeysOf,
  type RecordSubject,
  subjectsOf,
  type TrackRecord,
  withoutIncident,
} from "@mrdata/incident";
import type { Ledger, ReadRecords } from "@mrdata/platform";
import { everOf, type Observation } from "@mrdata/responder";

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
  /** Whether the predictor looks at every level of the alarm's name. */
  readonly looksAtNames: boolean;
  /** An alarm that was seen so often speaks for itself, and its coarser names are not read; null where nothing is held anyway. */
  readonly enoughSeen: Promise<number | null>;
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
  { window, details, looksAtNames, enoughSeen }: ObserveOptions,
): Promise<Observed> {
  const { service, title, urgency, priority } = snapshot;
  const at = event.occurredAt;
  const texts = Object.entries(details.texts);
  const named = subjectsOf(service, title);
  const atOnce = looksAtNames ? named : named.slice(0, NAMED_AT_ONCE);
  const read = (subjects: readonly RecordSubject[]) => pastOf(ledger, event, { subjects, window });
  const [known, organisation] = await Promise.all([
    read([...atOnce, ...texts.map(([name, value]) => detailSubject(service, name, value))]),
    ledger.organisationCounts(at),
  ]);
  const finest = known[NAMED_AT_ONCE - 1];
  const coarser = looksAtNames
    ? known.slice(NAMED_AT_ONCE, named.length)
    : await coarserNames(read, named.slice(NAMED_AT_ONCE), { finest, enoughSeen });
  const textRecords = known.slice(atOnce.length);
  const recordsOf = (of: ReadRecords | undefined): readonly TrackRecord[] => of?.records ?? [];
  return {
    observation: {
      incident: event.incident,
      service,
      title,
      urgency,
      priority,
      openedAt: at,
      alertTypeRecords: recordsOf(known[0]),
      serviceRecords: recordsOf(known[1]),
      nameRecords: [recordsOf(finest), recordsOf(coarser[0]), recordsOf(coarser[1])],
      textRecords: Object.fromEntries(texts.map(([name], i) => [name, recordsOf(textRecords[i])])),
      texts: details.texts,
      numbers: details.numbers,
      organisation,
    },
    asOf: {
      records: Object.assign({}, ...[...known, ...coarser].map(({ versions }) => versions)),
      organisation,
      at,
    },
    alertType: alertTypeOf(service, title).key,
    names: nameKeysOf(service, title),
  };
}

/** Of what an incident is named by: its alert type, its service, and the finest level of its alarm's name. */
const NAMED_AT_ONCE = 3;

/** What was recorded of subjects, the incident of the event left out. Throws what the ledger throws. */
async function pastOf(
  ledger: Pick<Ledger, "recordsBeside">,
  event: IncidentEvent,
  asked: { readonly subjects: readonly RecordSubject[]; readonly window: number },
): Promise<readonly ReadRecords[]> {
  const { records, own } = await ledger.recordsBeside(event, asked);
  return records.map((of): ReadRecords => {
    if (own === null) return { ...of, records: [] };
    if (own.length === 0) return of;
    // A record that was never written has version 0, and is not among the records.
    const written = Object.entries(of.versions).filter(([, version]) => version > 0);
    const { window } = asked;
    return {
      ...of,
      records: of.records.map((record, i) => {
        const [key] = written[i] ?? [];
        if (key === undefined)
          throw new RangeError(`record ${i} has no key among the versions that were read`);
        return withoutIncident(key, record, own, { window });
      }),
    };
  });
}

/** The alarm's coarser names, the finer first, as far as the guard rails ask: of one that is new, until one is known. */
async function coarserNames(
  read: (subjects: readonly RecordSubject[]) => Promise<readonly ReadRecords[]>,
  coarser: readonly RecordSubject[],
  { finest, enoughSeen }: { readonly finest: ReadRecords | undefined } & Pick<ObserveOptions, "enoughSeen">,
): Promise<readonly ReadRecords[]> {
  const enough = await enoughSeen;
  if (enough === null || openedOf(finest) >= enough) return [];
  const known: ReadRecords[] = [];
  for (const subject of coarser) {
    const [past] = await read([subject]);
    if (past === undefined) break;
    known.push(past);
    if (openedOf(past) > 0) break;
  }
  return known;
}

const openedOf = (past: ReadRecords | undefined): number => everOf(past?.records ?? [], ["opened"]);
