export { analyticsRowReader } from "./analytics-row.ts";
export { logEntryReader } from "./log-entry.ts";
export { mergeIncidents, pastFrom } from "./past-from.ts";
export { countIncidents, readAccount, type Stretch } from "./read-account.ts";
export { secondsIn } from "./seconds-in.ts";
export { type ExportKind, exportKindOf, exportKinds, exportReader, pageFields } from "./tell.ts";
export type { ParseOptions, Told } from "./told.ts";
