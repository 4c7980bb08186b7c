export { ageing, EXPIRY_FIELD } from "./ageing.ts";
export {
  accessOf,
  type GrantedLedger,
  type LedgerCapability,
  type LedgerGrants,
  ledgerCapabilities,
  trainingReads,
} from "./capabilities.ts";
export type { Challenge, Challenges } from "./challenges.ts";
export type { Arming, CountedArmings } from "./counted-armings.ts";
export type { Decisions } from "./decisions.ts";
export { type RecordedEvent, type SetAside, UnreadableDocumentError } from "./decode.ts";
export { armingAt, disarmedByNote } from "./disarmed-by-note.ts";
export type { KeptFeedback } from "./feedback.ts";
export type { Holds } from "./holds.ts";
export type { KeptSettings } from "./kept-settings.ts";
export type { LastChecks, LastChecksCalls, UnknownCheck } from "./last-checks.ts";
export { lastDecidedBefore } from "./last-decided.ts";
export * from "./ledger.ts";
export type { CountedIncident, CountedService, MissCounts, MissRecords } from "./misses.ts";
export type { ModelAlias, ModelAliases, Obstacle, Promotion } from "./model-aliases.ts";
export type { Deployment, Failure, LifeSign, Operations } from "./operations.ts";
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
export { addRecorded } from "./record-past-apart.ts";
export * from "./restore.ts";
export * from "./service-modes.ts";
export {
  type CertificateSettings,
  type Decided,
  defaultSettings,
  SETTINGS_SCHEMA,
  type ServiceSettings,
  type Settings,
} from "./settings.ts";
export * from "./settings-document.ts";
export type { Timelines } from "./timelines.ts";
export type { TrackRecords } from "./track-records.ts";
export * from "./training.ts";
export * from "./transfer.ts";
export { isUnreadable } from "./unreadable-hold.ts";
