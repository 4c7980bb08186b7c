export { ageing, EXPIRY_FIELD } from "./ageing.ts";
export { type RecordedEvent, type SetAside, UnreadableDocumentError } from "./decode.ts";
export { BY_NOTE, disarmedByNote } from "./disarmed-by-note.ts";
export type { CountedService, Holds, MissCounts } from "./holds.ts";
export type { LastChecks, LastChecksCalls, UnknownCheck } from "./last-checks.ts";
export * from "./ledger.ts";
export { type KnownIncident, type OutcomeBy, outcomeAt, outcomeOfKnown } from "./outcome-at.ts";
export { assertKeepable } from "./paths.ts";
export {
  allIndexes,
  type CompositeIndex,
  compositeIndexes,
  indexOf,
  type QueryName,
  queries,
  queryNames,
  unindexedFields,
} from "./queries.ts";
export type { ReadRecords, RecordsBeside } from "./read-records.ts";
export type { Recorded } from "./record-event.ts";
export type { RecordedPast } from "./record-past.ts";
export { bothOf } from "./record-past-apart.ts";
export * from "./settings.ts";
export * from "./training.ts";
export * from "./transfer.ts";
export { isUnreadable } from "./unreadable-hold.ts";
