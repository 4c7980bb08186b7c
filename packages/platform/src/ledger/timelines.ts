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
  decodeEach,
  decodeEvent,
  decodeState,
  type RecordedEvent,
  readOrNull,
  type SetAside,
} from "./decode.ts";
import { createKeyedMutex } from "./keyed-mutex.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";
import { type Recorded, storedEvents } from "./record-event.ts";
import { eventRecorder } from "./record-opening.ts";
import { type RecordedPast, recordPast } from "./record-past.ts";
import { oneByOne } from "./record-past-apart.ts";

/** Incidents per page. */
const PAGE_SIZE = 200;

/** Incidents' events and the state derived from them. An event and the changes it causes are one atomic write. */
export type Timelines = {
  recordEvent(event: IncidentEvent, rules: OutcomeRules): Promise<Recorded>;
  /**
   * Records past incidents, each with its events in order, in one atomic write. All must belong to one service and
   * one shard (`shardOf`), whose records no others share. If one of them cannot be recorded, each gets
   * its own write, and that one is skipped.
   */
  recordPast(pasts: readonly (readonly IncidentEvent[])[], rules: OutcomeRules): Promise<RecordedPast>;
  /**
   * The incident with its events in timeline order; null if none was ever recorded. `unreadable`: how many events
   * cannot be read and are left out, if any. Throws UnreadableDocumentError if the incident itself cannot be read.
   */
  incident(id: string): Promise<{
    readonly state: IncidentState;
    readonly events: readonly RecordedEvent[];
    readonly unreadable?: number;
  } | null>;
  /** Incidents that opened before a moment (milliseconds since the epoch), newest first. */
  incidentsOfAlertType(
    alertType: string,
    options: { readonly before: number; readonly limit: number },
  ): Promise<readonly IncidentState[]>;
  /**
   * All incidents with a known opening at or after `since` (milliseconds since the epoch), with their events in
   * timeline order, by time of opening. An incident that cannot be read completely is reported and skipped.
   */
  pastIncidents(options?: { readonly since?: number }): AsyncIterable<{
    readonly state: IncidentState;
    readonly events: readonly RecordedEvent[];
  }>;
};

export function timelinesIn(store: DocumentStore, setAside: SetAside): Timelines {
  const mutex = createKeyedMutex();
  const record = eventRecorder(store);

  /** A past incident with its events; null if it cannot be read completely, because a partial timeline would mislead. */
  async function pastIn(document: StoredDocument) {
    const state = readOrNull(() => decodeState(document), setAside);
    if (state === null) return null;
    const stored = await storedEvents(store, state.incident);
    const events = decodeEach(stored, decodeEvent, setAside);
    return events.length < stored.length ? null : { state, events: events.toSorted(compareEvents) };
  }

  return {
    recordEvent(received, rules) {
      const event = keepableEvent(received);
      return mutex(`${event.snapshot?.service ?? ""}:${shardOf(event.incident)}`, () => record(event, rules));
    },
    recordPast(imported, rules) {
      const pasts = imported.map((past) => past.map(keepableEvent));
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
        state: decodeState(document),
        events: events.toSorted(compareEvents),
        ...(events.length < stored.length && { unreadable: stored.length - events.length }),
      };
    },
    async incidentsOfAlertType(alertType, { before, limit }) {
      const documents = await store.query(
        queryOf("incidentsOfAlertType", paths.incidents, [alertType, before], limit),
      );
      return decodeEach(documents, decodeState, setAside);
    },
    async *pastIncidents({ since = 0 } = {}) {
      // Page by page from the last opening on; incidents with that same opening may be returned again and are skipped.
      let from = since;
      let seen = new Set<string>();
      for (;;) {
        const query = queryOf("incidentsByOpening", paths.incidents, [from], PAGE_SIZE + seen.size);
        const fresh = (await store.query(query)).filter(({ id }) => !seen.has(id));
        if (fresh.length === 0) return;
        for (const past of await Promise.all(fresh.map(pastIn))) if (past !== null) yield past;
        // By the field that the query sorts by, which unreadable documents have, too.
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
