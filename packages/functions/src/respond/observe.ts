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
  readonly windowMs: number;
  /** Known alert details, limited to those the predictor uses. */
  readonly details: EventDetails;
  /** Whether the predictor uses every level of the alarm's name. */
  readonly looksAtNames: boolean;
  /**
   * An alarm seen this often is judged by its own name, and its coarser names are not read; null where nothing is held
   * anyway.
   */
  readonly enoughSeen: Promise<number | null>;
};

/**
 * Reads what is known at the moment the incident opened, with the versions of the records read. `record` receives the
 * event at the same time and may have recorded this incident already, so it is left out, as in training. Where its own
 * contribution cannot be read it cannot be separated from the past: the past then counts as unknown, as for an alert
 * that was never seen.
 */
export async function observe(
  ledger: Pick<Ledger, "recordsBeside" | "organisationCounts">,
  event: IncidentEvent,
  snapshot: IncidentSnapshot,
  { windowMs, details, looksAtNames, enoughSeen }: ObserveOptions,
): Promise<Observed> {
  const { service, title, urgency, priority } = snapshot;
  const at = event.occurredAt;
  const texts = Object.entries(details.texts);
  const named = subjectsOf(service, title);
  const firstSubjects = looksAtNames ? named : named.slice(0, SUBJECTS_READ_FIRST);
  const read = (subjects: readonly RecordSubject[]) => pastOf(ledger, event, { subjects, windowMs });
  const [known, organisation] = await Promise.all([
    read([...firstSubjects, ...texts.map(([name, value]) => detailSubject(service, name, value))]),
    ledger.organisationCounts(at),
  ]);
  const finest = known[SUBJECTS_READ_FIRST - 1];
  const coarser = looksAtNames
    ? known.slice(SUBJECTS_READ_FIRST, named.length)
    : await coarserNames(read, named.slice(SUBJECTS_READ_FIRST), { finest, enoughSeen });
  const textRecords = known.slice(firstSubjects.length);
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

/**
 * The names of an incident that are read at once: its alert type, its service, and the finest level of its alarm's
 * name.
 */
const SUBJECTS_READ_FIRST = 3;

/** What was recorded of these subjects, without the event's own incident. Throws the ledger's errors. */
async function pastOf(
  ledger: Pick<Ledger, "recordsBeside">,
  event: IncidentEvent,
  { subjects, windowMs }: { readonly subjects: readonly RecordSubject[]; readonly windowMs: number },
): Promise<readonly ReadRecords[]> {
  const { records, own } = await ledger.recordsBeside(event, { subjects, windowMs });
  return records.map((of): ReadRecords => {
    if (own === null) return { ...of, records: [] };
    if (own.length === 0) return of;
    // A record that was never written has version 0, and is not among the records.
    const written = Object.entries(of.versions).filter(([, version]) => version > 0);
    return {
      ...of,
      records: of.records.map((record, i) => {
        const [key] = written[i] ?? [];
        if (key === undefined)
          throw new RangeError(`record ${i} has no key among the versions that were read`);
        return withoutIncident(key, record, own, { windowMs });
      }),
    };
  });
}

/**
 * The alarm's coarser names, finer first, as far as the guard rails need them: for a new name, until a known one is
 * found.
 */
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
