export { formatNames, historyFormats } from "@mrdata/history";
