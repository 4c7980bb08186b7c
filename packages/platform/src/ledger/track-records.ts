import type { IncidentEvent, OrganisationCounts, RecordSubject } from "@mrdata/incident";
import type { DocumentStore } from "../document-store.ts";
import { organisationCounter } from "./organisation-counts.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";
import { type ReadRecords, type RecordsBeside, readRecords, readRecordsBeside } from "./read-records.ts";

/** Summaries of the past of alert types, services and the organisation: the basis of features. */
export type TrackRecords = {
  trackRecords(subjects: readonly RecordSubject[], windowMs: number): Promise<readonly ReadRecords[]>;
  /** The same, with the events of the incident itself, read no earlier than the records. */
  recordsBeside(
    event: Pick<IncidentEvent, "incident" | "id">,
    of: { readonly subjects: readonly RecordSubject[]; readonly windowMs: number },
  ): Promise<RecordsBeside>;
  /** The number of incidents that opened within the hour, day and week before `at` (milliseconds since the epoch, to the second). */
  organisationCounts(at: number): Promise<OrganisationCounts>;
  /** The number of incidents that opened within the given number of milliseconds up to `at`. */
  openedWithin(at: number, age: number): Promise<number>;
};

export const trackRecordsIn = (store: DocumentStore): TrackRecords => ({
  trackRecords: (subjects, windowMs) => readRecords(store, subjects, windowMs),
  recordsBeside: (event, of) => readRecordsBeside(store, event, of),
  organisationCounts: organisationCounter(store),
  openedWithin: (at, age) =>
    store.count(queryOf("incidentsOpenedSince", paths.incidents, [at - age, at + 1])),
});
