import { itemAt } from "@mrdata/base";
import {
  type Contribution,
  closingTime,
  compareEvents,
  contributionOf,
  detailsIn,
  emptyRecord,
  familyOfKey,
  feedbackOf,
  type IncidentEvent,
  type OutcomeRules,
  openingOf,
  stateOf,
  type Timeline,
  TrackRecordBuilder,
  takenOverAt,
  timelineOf,
} from "@mrdata/incident";
import type { DocumentStore } from "../document-store.ts";
import { decodeRecord, encodeRecord, type RecordedEvent } from "./decode.ts";
import { paths } from "./paths.ts";
import { eventsIn, recordsOf } from "./record-event.ts";

export type RecordedPast = {
  /** Counts of incidents: new ones, known ones that got new events, and unchanged ones. */
  readonly added: number;
  readonly completed: number;
  readonly known: number;
  readonly events: number;
  /** Incidents that could not be recorded, each with the reason; absent if there are none. */
  readonly setAside?: readonly { readonly incident: string; readonly reason: string }[];
};

/** The events of one past incident, in order. */
type Past = readonly IncidentEvent[];

/** An event not yet counted by some records, with the incident's contribution before and after it. */
type Step = {
  readonly keys: readonly string[];
  readonly event: IncidentEvent;
  readonly before: Contribution | null;
  readonly after: Contribution | null;
};

/**
 * Records past incidents as `recordEvent` would event by event, but in one atomic write: the
 * same reducer in chronological order, with each record read and written once. Existing events of
 * an incident are kept and only unseen ones are added, so that importing the same history twice changes nothing.
 */
export const recordPast = (
  store: DocumentStore,
  pasts: readonly Past[],
  rules: OutcomeRules,
): Promise<RecordedPast> =>
  store.transaction(async (transaction) => {
    const states = await transaction.getAll(pasts.map((past) => paths.incident(itemAt(past, 0).incident)));
    const stored = await Promise.all(
      states.map((state, i) =>
        state === null ? [] : eventsIn(transaction, itemAt(itemAt(pasts, i), 0).incident),
      ),
    );
    const timelines = pasts.map((past, i) => {
      const before = stored[i] ?? [];
      const fresh = unseen(timelineOf(before), past).map(
        (event): RecordedEvent => ({ ...event, applied: NOWHERE }),
      );
      return { before, fresh, events: [...before, ...fresh].sort(compareEvents) };
    });
    const recordKeys = keysOnce(rules);
    // A known incident may still be missing from some records, those of names introduced since.
    const stepsOfEach = new Map(timelines.map((one) => [one, stepsOf(one.events, rules, recordKeys)]));
    const changed = timelines.filter(
      (one) => one.fresh.length > 0 || (stepsOfEach.get(one)?.length ?? 0) > 0,
    );
    const steps = changed.flatMap((one) => stepsOfEach.get(one) ?? []);
    // The sort is stable: simultaneous events stay in order.
    steps.sort((a, b) => a.event.occurredAt - b.event.occurredAt);
    const keys = keysOf(steps);
    const documents = await transaction.getAll(keys.map(paths.record));
    const records = new Map(
      keys.map((key, i) => {
        const document = documents[i];
        return [
          key,
          TrackRecordBuilder.of(
            document ? decodeRecord(document) : emptyRecord(rules.windowMs, familyOfKey(key)),
          ),
        ];
      }),
    );
    const numbers = new Map<IncidentEvent, Record<string, number>>();
    for (const { keys: own, event, before, after } of steps) {
      const change = { before, after, events: 1, latest: event.occurredAt };
      const given = numbers.get(event) ?? noNumbers();
      for (const key of own) {
        const record = records.get(key);
        if (record === undefined) continue;
        record.apply(change);
        given[key] = record.version;
      }
      numbers.set(event, given);
    }
    for (const [key, record] of records) transaction.set(paths.record(key), encodeRecord(record));
    for (const { events } of changed) {
      const [{ incident } = { incident: "" }] = events;
      for (const event of events) {
        const given = numbers.get(event);
        if (given === undefined && event.applied !== NOWHERE) continue;
        transaction.set(paths.event(incident, event.id), {
          ...event,
          applied: event.applied === NOWHERE && given !== undefined ? given : { ...event.applied, ...given },
        });
      }
      transaction.set(paths.incident(incident), stateOf(incident, events, rules));
    }
    const added = changed.filter(({ before }) => before.length === 0).length;
    return {
      added,
      completed: changed.length - added,
      known: pasts.length - changed.length,
      events: changed.reduce((sum, { fresh }) => sum + fresh.length, 0),
    };
  });

/** A new event is counted by no record. */
const NOWHERE: Readonly<Record<string, number>> = {};

/**
 * `recordsOf` with interned keys, so that equal keys are the same string and are found in maps without being hashed again. Keys
 * repeat from incident to incident, and with each event of one.
 */
function keysOnce(rules: OutcomeRules): (opening: IncidentEvent) => readonly string[] {
  const known = new Map<string, string>();
  return (opening) =>
    recordsOf(opening, rules).map((key) => {
      const before = known.get(key);
      if (before === undefined) known.set(key, key);
      return before ?? key;
    });
}

function keysOf(steps: readonly Step[]): readonly string[] {
  const keys = new Set<string>();
  for (const { keys: own } of steps) for (const key of own) keys.add(key);
  return [...keys];
}

/** The keys differ from object to object: without a prototype V8 uses a hash table instead of a hidden class per event. */
const noNumbers = (): Record<string, number> => Object.create(null);

/** The steps of one incident: for each of its records, the events that the record does not count yet. */
function stepsOf(
  events: readonly RecordedEvent[],
  rules: OutcomeRules,
  recordKeys: (opening: IncidentEvent) => readonly string[],
): readonly Step[] {
  const opening = openingOf(events);
  if (opening === undefined) return [];
  const all = recordKeys({ ...opening, details: detailsIn(events) });
  if (events.every(({ applied }) => applied === NOWHERE))
    return contributionsOf(events, events, rules).map((step) => ({ ...step, keys: all }));
  // Nearly always all records count the same events; their contribution is then computed once.
  const groups = Map.groupBy(all, (key) =>
    events.flatMap(({ id, applied }) => (applied[key] === undefined ? [id] : [])).join("\n"),
  );
  return [...groups.values()].flatMap((keys) => {
    const [first = ""] = keys;
    const todo = events.filter(({ applied }) => applied[first] === undefined);
    return contributionsOf(events, todo, rules).map((step) => ({ ...step, keys }));
  });
}

function contributionsOf(
  events: Timeline,
  todo: Timeline,
  rules: OutcomeRules,
): readonly Omit<Step, "keys">[] {
  let counted = events.filter((event) => !todo.includes(event));
  let before = contributionOf(counted, rules);
  return todo.map((event) => {
    counted = [...counted, event].sort(compareEvents);
    const step = { event, before, after: contributionOf(counted, rules) };
    before = step.after;
    return step;
  });
}

/** The events of a past incident that the ledger's timeline does not already cover. */
function unseen(timeline: Timeline, past: Past): readonly IncidentEvent[] {
  if (timeline.length === 0) return past;
  const ids = new Set(timeline.map(({ id }) => id));
  const covered: Readonly<Partial<Record<IncidentEvent["type"], boolean>>> = {
    triggered: openingOf(timeline) !== undefined,
    acknowledged: timeline.some(({ type, actor }) => type === "acknowledged" && actor === "human"),
    escalated: takenOverAt(timeline) !== null,
    resolved: closingTime(timeline) !== null,
    annotated: timeline.some((event) => feedbackOf(event) !== null),
  };
  const reopened = timeline.findLast(({ type }) => type === "reopened")?.occurredAt ?? 0;
  return past.filter(
    ({ id, type, occurredAt }) =>
      !ids.has(id) && !covered[type] && !(type === "resolved" && occurredAt <= reopened),
  );
}
