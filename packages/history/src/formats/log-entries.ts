import { exportKindOf, logEntryReader } from "@mrdata/pagerduty";
import type { HistoryFormat } from "./format.ts";

/** PagerDuty's log entries: who did what. */
export const logEntries: HistoryFormat = {
  name: "log-entries",
  description: "PagerDuty's log entries: the answers of GET /log_entries (include[]=channels)",
  isEventLog: true,
  pages: ["log_entries"],
  headings: ["id", "type", "created_at", "agent", "channel", "incident"],
  detects: ({ fields }) => exportKindOf(fields) === "log-entries",
  reader: (options) => {
    const read = logEntryReader(options);
    return ({ fields }) => read(fields);
  },
};
