export { addImported, type Imported, type ImportOptions, importPast, nothingImported } from "@mrdata/history";
