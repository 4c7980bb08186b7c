export { analyticsRowReader } from "./analytics-row.ts";
export { logEntryReader } from "./log-entry.ts";
export { pastFrom, toldAgain } from "./past-from.ts";
export { countIncidents, readAccount, type Stretch } from "./read-account.ts";
export { secondsIn } from "./seconds-in.ts";
export { type ExportKind, exportKindOf, exportKinds, exportReader, pageFields } from "./tell.ts";
export type { TellOptions, Told } from "./told.ts";
