import type { IncidentEvent, OrganisationCounts, RecordSubject } from "@mrdata/incident";
import type { DocumentStore } from "../document-store.ts";
import { organisationCounter } from "./organisation-counts.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";
import { type ReadRecords, type RecordsBeside, readRecords, readRecordsBeside } from "./read-records.ts";

/** What the past of alert types, services and the organisation comes to: what features are made of. */
export type TrackRecords = {
  trackRecords(subjects: readonly RecordSubject[], window: number): Promise<readonly ReadRecords[]>;
  /** The same, and what was recorded of the incident itself, read no earlier than they. */
  recordsBeside(
    event: Pick<IncidentEvent, "incident" | "id">,
    of: { readonly subjects: readonly RecordSubject[]; readonly window: number },
  ): Promise<RecordsBeside>;
  /** How many incidents opened before `at` (milliseconds, to the second), within the hour, day and week before it. */
  organisationCounts(at: number): Promise<OrganisationCounts>;
  /** How many incidents opened within so many milliseconds up to `at`. */
  openedWithin(at: number, age: number): Promise<number>;
};

export const trackRecordsIn = (store: DocumentStore): TrackRecords => ({
  trackRecords: (subjects, window) => readRecords(store, subjects, window),
  recordsBeside: (event, of) => readRecordsBeside(store, event, of),
  organisationCounts: organisationCounter(store),
  openedWithin: (at, age) =>
    store.count(queryOf("incidentsOpenedSince", paths.incidents, [at - age, at + 1])),
});
