export { type Imported, type ImportOptions, importPast, nothingImported, together } from "@mrdata/history";
