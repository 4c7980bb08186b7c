export { eventFormats, formatNames, historyFormats } from "@mrdata/history";
