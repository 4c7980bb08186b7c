export { pastFrom, toldAgain } from "./past-from.ts";
export { type ExportKind, exportKindOf, exportKinds, exportReader, pageFields } from "./tell.ts";
export type { Told } from "./told.ts";
