export { analyticsRowReader } from "./analytics-row.ts";
export { type ExportKind, exportKindOf, exportKinds, exportReader } from "./export-reader.ts";
export { logEntryReader } from "./log-entry.ts";
export type { ParsedRow, ParseOptions } from "./parsed-row.ts";
export { mergeIncidents, pastFrom } from "./past-from.ts";
export { type AccountSegment, countIncidents, readAccount } from "./read-account.ts";
export { secondsIn } from "./seconds-in.ts";
