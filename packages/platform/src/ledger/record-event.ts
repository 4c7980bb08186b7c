import { outOfRange } from "@mrdata/base";
import {
  type Contribution,
  contributionOf,
  detailSubject,
  detailsIn,
  emptyRecord,
  familyOfKey,
  type IncidentEvent,
  type IncidentState,
  type OutcomeRules,
  openingOf,
  recordKeysFor,
  stateOf,
  subjectsOf,
  TrackRecordBuilder,
  timelineOf,
} from "@mrdata/incident";
import type { DocumentStore, DocumentTransaction, StoredDocument } from "../document-store.ts";
import { decodeEvent, decodeRecord, encodeRecord, type RecordedEvent } from "./decode.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";

export type Recorded = {
  /** False if the event was already recorded: then nothing was written. */
  readonly fresh: boolean;
  readonly state: IncidentState;
};

/**
 * Appends an event to its incident's timeline and applies its effect to the track records, in one atomic
 * write. The event document can be created only once, which de-duplicates events. Each event applied to a record stores the
 * record's version at that time, so that any past version of a record can be rebuilt by replay.
 */
export const recordEvent = (
  store: DocumentStore,
  event: IncidentEvent,
  rules: OutcomeRules,
): Promise<Recorded> => store.transaction(appending(event, rules));

/** The work of that transaction. */
export const appending =
  (event: IncidentEvent, rules: OutcomeRules) =>
  async (transaction: DocumentTransaction): Promise<Recorded> => {
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
    for (const changed of await applyToRecords(transaction, rules, { events, after, read })) {
      transaction.set(paths.event(event.incident, changed.id), changed);
    }
    if (openingOf(after) === undefined) transaction.create(paths.event(event.incident, event.id), recorded);
    transaction.set(paths.incident(event.incident), state);
    return { fresh: true, state };
  };

/**
 * The records that an event changes if its incident opened with the same service and title. That is nearly always so, and
 * then they are read together with the incident, in one round trip.
 */
export const recordsOf = (event: IncidentEvent, { windowMs }: OutcomeRules): readonly string[] => {
  const { snapshot, incident } = event;
  if (snapshot === null) return [];
  const { service, title } = snapshot;
  const texts = Object.entries(detailsIn([event]).texts);
  const subjects = [
    ...subjectsOf(service, title),
    ...texts.map(([name, value]) => detailSubject(service, name, value)),
  ];
  return recordKeysFor(subjects, windowMs, incident);
};

type Change = {
  readonly events: readonly RecordedEvent[];
  /** The events in order. */
  readonly after: readonly IncidentEvent[];
  /** Records already read, by key. */
  readonly read: ReadonlyMap<string, StoredDocument | null>;
};

/**
 * Applies to each record the events that it does not count yet, and returns them with their numbers. None while the incident
 * has no opening. A record that the incident is added to later, because its details arrived later, gets all of them.
 */
async function applyToRecords(
  transaction: DocumentTransaction,
  rules: OutcomeRules,
  { events, after, read }: Change,
): Promise<readonly RecordedEvent[]> {
  const opening = openingOf(after);
  if (!opening?.snapshot) return [];
  const keys = recordsOf({ ...opening, details: detailsIn(after) }, rules);
  const unread = keys.filter((key) => !read.has(key));
  const late = await transaction.getAll(unread.map(paths.record));
  const documents = new Map([...read, ...unread.map((key, i) => [key, late[i] ?? null] as const)]);
  const place = new Map(after.map((event, i) => [event.id, i]));
  const ordered = events.toSorted(
    (a, b) => (place.get(a.id) ?? outOfRange()) - (place.get(b.id) ?? outOfRange()),
  );
  const numbers = new Map<string, Record<string, number>>();
  // Nearly always all records count the same events of the incident; its contribution is then computed once.
  const whole = contributionOf(after, rules);
  const earlier = new Map<string, Contribution | null>();
  const contributionBefore = (counted: readonly RecordedEvent[]): Contribution | null => {
    const ids = counted.map(({ id }) => id).join("\n");
    const known = earlier.get(ids);
    if (known !== undefined) return known;
    const made = contributionOf(timelineOf(counted), rules);
    earlier.set(ids, made);
    return made;
  };
  for (const key of keys) {
    const fresh = ordered.filter(({ applied }) => applied[key] === undefined);
    if (fresh.length === 0) continue;
    const counted = ordered.filter(({ applied }) => applied[key] !== undefined);
    const document = documents.get(key);
    const record = TrackRecordBuilder.of(
      document ? decodeRecord(document) : emptyRecord(rules.windowMs, familyOfKey(key)),
    );
    const { version } = record;
    const change = {
      before: contributionBefore(counted),
      after: whole,
      events: fresh.length,
      latest: Math.max(...fresh.map((event) => event.occurredAt)),
    };
    record.apply(change);
    transaction.set(paths.record(key), encodeRecord(record));
    for (const [i, { id }] of fresh.entries())
      numbers.set(id, { ...numbers.get(id), [key]: version + 1 + i });
  }
  return ordered.flatMap((event) => {
    const given = numbers.get(event.id);
    return given === undefined ? [] : [{ ...event, applied: { ...event.applied, ...given } }];
  });
}

/** The documents of an incident's events, unordered. */
export const storedEvents = (
  reader: Pick<DocumentStore, "query">,
  incident: string,
): Promise<readonly StoredDocument[]> =>
  reader.query(queryOf("eventsOfIncident", paths.events(incident), []));

/** The events of an incident, unordered. Throws if one cannot be read, because contributions are computed from all of them. */
export const eventsIn = async (
  reader: Pick<DocumentStore, "query">,
  incident: string,
): Promise<readonly RecordedEvent[]> => (await storedEvents(reader, incident)).map(decodeEvent);
