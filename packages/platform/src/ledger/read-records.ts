import {
  type AsOf,
  compareEvents,
  type IncidentEvent,
  type RecordSubject,
  recordKeysOf,
  type TrackRecord,
} from "@mrdata/incident";
import type { DocumentStore, StoredDocument } from "../document-store.ts";
import {
  decodeEvent,
  decodeRecord,
  decodeState,
  type RecordedEvent,
  UnreadableDocumentError,
} from "./decode.ts";
import { paths } from "./paths.ts";
import { eventsIn } from "./record-event.ts";

/** The track records of a subject, with their versions at the time of reading. */
export type ReadRecords = { readonly records: readonly TrackRecord[]; readonly versions: AsOf["records"] };

/** Track records, and the events recorded for one incident by then. */
export type RecordsBeside = {
  readonly records: readonly ReadRecords[];
  /** Null if it is unreadable; a retry would not help. */
  readonly own: readonly RecordedEvent[] | null;
};

type Reader = Pick<DocumentStore, "getAll" | "query">;

export async function readRecords(
  store: Reader,
  subjects: readonly RecordSubject[],
  windowMs: number,
): Promise<readonly ReadRecords[]> {
  const keys = subjects.map((subject) => recordKeysOf(subject, windowMs));
  return recordsIn(keys, await store.getAll(keys.flat().map(paths.record)));
}

/**
 * The same together with the incident of an event, nearly always in one round trip, because few incidents have more than one event
 * when they are decided on. Its events are read with the records or after them, so that every event counted in the records is
 * among them.
 */
export async function readRecordsBeside(
  store: Reader,
  { incident, id }: Pick<IncidentEvent, "incident" | "id">,
  { subjects, windowMs }: { readonly subjects: readonly RecordSubject[]; readonly windowMs: number },
): Promise<RecordsBeside> {
  const keys = subjects.map((subject) => recordKeysOf(subject, windowMs));
  const recordPaths = keys.flat().map(paths.record);
  const found = await store.getAll([...recordPaths, paths.incident(incident), paths.event(incident, id)]);
  const [state = null, ownEvent = null] = found.slice(recordPaths.length);
  return { records: recordsIn(keys, found), own: await ownEvents(store, incident, { state, ownEvent }) };
}

async function ownEvents(
  store: Pick<DocumentStore, "query">,
  incident: string,
  { state, ownEvent }: { readonly state: StoredDocument | null; readonly ownEvent: StoredDocument | null },
): Promise<readonly RecordedEvent[] | null> {
  if (state === null) return [];
  try {
    const { events } = decodeState(state);
    if (ownEvent !== null && events === 1) return [decodeEvent(ownEvent)];
    return (await eventsIn(store, incident)).toSorted(compareEvents);
  } catch (error) {
    if (error instanceof UnreadableDocumentError) return null;
    throw error;
  }
}

function recordsIn(
  keys: readonly (readonly string[])[],
  documents: readonly (StoredDocument | null)[],
): readonly ReadRecords[] {
  let place = 0;
  return keys.map((shards) => {
    const records: TrackRecord[] = [];
    const versions: Record<string, number> = {};
    for (const key of shards) {
      const document = documents[place++];
      const record = document ? decodeRecord(document) : null;
      if (record !== null) records.push(record);
      versions[key] = record?.version ?? 0;
    }
    return { records, versions };
  });
}
