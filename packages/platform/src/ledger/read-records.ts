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
  decode,
  decodeEvent,
  decodeRecord,
  type RecordedEvent,
  stateDocument,
  UnreadableDocumentError,
} from "./decode.ts";
import { paths } from "./paths.ts";
import { eventsIn } from "./record-event.ts";

/** The track records of a subject and the versions that they were read at. */
export type ReadRecords = { readonly records: readonly TrackRecord[]; readonly versions: AsOf["records"] };

/** Track records, and what was recorded of one incident itself by then. */
export type RecordsBeside = {
  readonly records: readonly ReadRecords[];
  /** Null where nobody can read it, today or tomorrow. */
  readonly own: readonly RecordedEvent[] | null;
};

type Reader = Pick<DocumentStore, "getAll" | "query">;

export async function readRecords(
  store: Reader,
  subjects: readonly RecordSubject[],
  window: number,
): Promise<readonly ReadRecords[]> {
  const keys = subjects.map((subject) => recordKeysOf(subject, window));
  return recordsIn(keys, await store.getAll(keys.flat().map(paths.record)));
}

/**
 * The same beside the incident of an event, in one round trip nearly always: few are told of more than once when they are
 * decided on. Its events are asked for after the records in one read, or later, so that none is in these and not among those.
 */
export async function readRecordsBeside(
  store: Reader,
  { incident, id }: Pick<IncidentEvent, "incident" | "id">,
  { subjects, window }: { readonly subjects: readonly RecordSubject[]; readonly window: number },
): Promise<RecordsBeside> {
  const keys = subjects.map((subject) => recordKeysOf(subject, window));
  const asked = keys.flat().map(paths.record);
  const found = await store.getAll([...asked, paths.incident(incident), paths.event(incident, id)]);
  const [state = null, told = null] = found.slice(asked.length);
  return { records: recordsIn(keys, found), own: await ownEvents(store, incident, { state, told }) };
}

async function ownEvents(
  store: Pick<DocumentStore, "query">,
  incident: string,
  { state, told }: { readonly state: StoredDocument | null; readonly told: StoredDocument | null },
): Promise<readonly RecordedEvent[] | null> {
  if (state === null) return [];
  try {
    const { events } = decode(stateDocument, state);
    if (told !== null && events === 1) return [decodeEvent(told)];
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
