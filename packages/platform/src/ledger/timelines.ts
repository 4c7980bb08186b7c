import {
  compareEvents,
  type IncidentEvent,
  type IncidentState,
  keepableEvent,
  type OutcomeRules,
  shardOf,
} from "@mrdata/incident";
import type { DocumentStore, StoredDocument } from "../document-store.ts";
import {
  decode,
  decodeEach,
  decodeEvent,
  type RecordedEvent,
  readOrNull,
  type SetAside,
  stateDocument,
} from "./decode.ts";
import { createKeyedMutex } from "./keyed-mutex.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";
import { type Recorded, storedEvents } from "./record-event.ts";
import { eventRecorder } from "./record-opening.ts";
import { type RecordedPast, recordPast } from "./record-past.ts";
import { oneByOne } from "./record-past-apart.ts";

/** So many incidents are read at a time. */
const PAGE = 200;

/** What happened to incidents: their events, and what those come to. An event and what it changes are one atomic write. */
export type Timelines = {
  recordEvent(event: IncidentEvent, rules: OutcomeRules): Promise<Recorded>;
  /**
   * Records incidents of the past, each with its events in order, in one atomic write. They are all of one service and
   * one shard (`shardOf`): those share their records with no others. Where one of them cannot be recorded as it is, each is
   * a write of its own, and that one is set aside.
   */
  recordPast(pasts: readonly (readonly IncidentEvent[])[], rules: OutcomeRules): Promise<RecordedPast>;
  /**
   * The incident as its events tell it, in timeline order; null if none was ever recorded. `unreadable`: how many events
   * cannot be read and are not among these, if any. Throws UnreadableDocumentError where the incident itself cannot be read.
   */
  incident(id: string): Promise<{
    readonly state: IncidentState;
    readonly events: readonly RecordedEvent[];
    readonly unreadable?: number;
  } | null>;
  /** Those that opened before a moment (milliseconds since the epoch), the newest first. */
  incidentsOfAlertType(
    alertType: string,
    options: { readonly before: number; readonly limit: number },
  ): Promise<readonly IncidentState[]>;
  /**
   * All incidents whose opening is known, and not before `since` (milliseconds since the epoch), with their events in
   * timeline order, by time of opening. One that cannot be read, or of which an event cannot, is told and left out.
   */
  pastIncidents(options?: { readonly since?: number }): AsyncIterable<{
    readonly state: IncidentState;
    readonly events: readonly RecordedEvent[];
  }>;
};

export function timelinesIn(store: DocumentStore, setAside: SetAside): Timelines {
  const mutex = createKeyedMutex();
  const record = eventRecorder(store);

  /** An incident of the past with its events; null where it cannot be read whole, for half a story tells another. */
  async function pastIn(document: StoredDocument) {
    const state = readOrNull(() => decode(stateDocument, document), setAside);
    if (state === null) return null;
    const stored = await storedEvents(store, state.incident);
    const events = decodeEach(stored, decodeEvent, setAside);
    return events.length < stored.length ? null : { state, events: events.toSorted(compareEvents) };
  }

  return {
    recordEvent(told, rules) {
      const event = keepableEvent(told);
      return mutex(`${event.snapshot?.service ?? ""}:${shardOf(event.incident)}`, () => record(event, rules));
    },
    recordPast(told, rules) {
      const pasts = told.map((past) => past.map(keepableEvent));
      const [event] = pasts[0] ?? [];
      return mutex(`${event?.snapshot?.service ?? ""}:${shardOf(event?.incident ?? "")}`, () =>
        oneByOne(pasts, (some) => recordPast(store, some, rules)),
      );
    },
    async incident(id) {
      const document = await store.get(paths.incident(id));
      if (document === null) return null;
      const stored = await storedEvents(store, id);
      const events = decodeEach(stored, decodeEvent, setAside);
      return {
        state: decode(stateDocument, document),
        events: events.toSorted(compareEvents),
        ...(events.length < stored.length && { unreadable: stored.length - events.length }),
      };
    },
    async incidentsOfAlertType(alertType, { before, limit }) {
      const documents = await store.query(
        queryOf("incidentsOfAlertType", paths.incidents, [alertType, before], limit),
      );
      return decodeEach(documents, (document) => decode(stateDocument, document), setAside);
    },
    async *pastIncidents({ since = 0 } = {}) {
      // Page by page from the last opening on; those of one moment may come again and are passed over.
      let from = since;
      let seen = new Set<string>();
      for (;;) {
        const query = queryOf("incidentsByOpening", paths.incidents, [from], PAGE + seen.size);
        const fresh = (await store.query(query)).filter(({ id }) => !seen.has(id));
        if (fresh.length === 0) return;
        for (const past of await Promise.all(fresh.map(pastIn))) if (past !== null) yield past;
        // By what the query sorted by: also what cannot be read has that.
        const openingOf = ({ data }: StoredDocument) => Number(data.openedAt);
        const last = Math.max(from, ...fresh.map(openingOf));
        seen = new Set([
          ...(last === from ? seen : []),
          ...fresh.filter((document) => openingOf(document) === last).map(({ id }) => id),
        ]);
        from = last;
      }
    },
  };
}
