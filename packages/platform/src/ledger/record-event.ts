import {
  applyChange,
  contributionOf,
  emptyRecord,
  type IncidentEvent,
  type IncidentState,
  type OutcomeRules,
  openingOf,
  recordKeyOf,
  stateOf,
  subjectsOf,
  timelineOf,
} from "@mrdata/incident";
import type { DocumentStore, DocumentTransaction, StoredDocument } from "../document-store.ts";
import { decode, encodeRecord, eventDocument, type RecordedEvent, recordDocument } from "./decode.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";

export type Recorded = {
  /** False if the event was there already: then nothing was written. */
  readonly fresh: boolean;
  readonly state: IncidentState;
};

/**
 * Appends an event to its incident's timeline and carries what it changes into the track records, in one atomic
 * write. The event document is created once, and that is the de-duplication. Each event applied to a record keeps the
 * number that the record's version then had, so that any past version of a record can be had again by replay.
 */
export const recordEvent = (
  store: DocumentStore,
  event: IncidentEvent,
  rules: OutcomeRules,
): Promise<Recorded> =>
  store.transaction(async (transaction) => {
    const likely = recordsOf(event, rules);
    const [known, duplicate, ...records] = await transaction.getAll([
      paths.incident(event.incident),
      paths.event(event.incident, event.id),
      ...likely.map(paths.record),
    ]);
    const read = new Map(likely.map((key, i) => [key, records[i] ?? null]));
    const stored = known ? await eventsIn(transaction, event.incident) : [];
    const before = timelineOf(stored);
    if (duplicate) return { fresh: false, state: stateOf(event.incident, before, rules) };

    const recorded: RecordedEvent = { ...event, applied: {} };
    const events = [...stored, recorded];
    const after = timelineOf(events);
    const state = stateOf(event.incident, after, rules);
    for (const changed of await applyToRecords(transaction, rules, { events, before, after, read })) {
      transaction.set(paths.event(event.incident, changed.id), changed);
    }
    if (openingOf(after) === undefined) transaction.create(paths.event(event.incident, event.id), recorded);
    transaction.set(paths.incident(event.incident), state);
    return { fresh: true, state };
  });

/**
 * The records that an event would change if its incident opened with the same service and title: nearly always so, and
 * then they are read together with the incident, in one round trip.
 */
const recordsOf = ({ snapshot, incident }: IncidentEvent, { window }: OutcomeRules): readonly string[] =>
  snapshot === null
    ? []
    : subjectsOf(snapshot.service, snapshot.title).map((subject) => recordKeyOf(subject, window, incident));

type Change = {
  readonly events: readonly RecordedEvent[];
  readonly before: readonly IncidentEvent[];
  readonly after: readonly IncidentEvent[];
  /** Records that were read already, by key. */
  readonly read: ReadonlyMap<string, StoredDocument | null>;
};

/** Applies the events that no record counts yet; answers with them, numbered. None while the incident has no opening. */
async function applyToRecords(
  transaction: DocumentTransaction,
  rules: OutcomeRules,
  { events, before, after, read }: Change,
): Promise<readonly RecordedEvent[]> {
  const opening = openingOf(after);
  if (!opening?.snapshot) return [];
  const order = new Map(after.map((event, place) => [event.id, place]));
  const fresh = events
    .filter((event) => Object.keys(event.applied).length === 0)
    .sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  const keys = recordsOf(opening, rules);
  const unread = keys.filter((key) => !read.has(key));
  const late = await transaction.getAll(unread.map(paths.record));
  const documents = new Map([...read, ...unread.map((key, i) => [key, late[i] ?? null] as const)]);
  const change = {
    before: contributionOf(before, rules),
    after: contributionOf(after, rules),
    events: fresh.length,
    latest: Math.max(...fresh.map((event) => event.occurredAt)),
  };
  const numbers = keys.map((key) => {
    const document = documents.get(key);
    const record = document ? decode(recordDocument, document) : emptyRecord(rules.window);
    transaction.set(paths.record(key), encodeRecord(applyChange(record, change)));
    return { key, first: record.version + 1 };
  });
  return fresh.map((event, place) => ({
    ...event,
    applied: Object.fromEntries(numbers.map(({ key, first }) => [key, first + place])),
  }));
}

export async function eventsIn(
  reader: Pick<DocumentStore, "query">,
  incident: string,
): Promise<readonly RecordedEvent[]> {
  const documents = await reader.query(queryOf("eventsOfIncident", paths.events(incident), []));
  return documents.map((document) => decode(eventDocument, document));
}
