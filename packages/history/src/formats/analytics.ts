import { analyticsRowReader, exportKindOf } from "@mrdata/pagerduty";
import type { HistoryFormat } from "./format.ts";

/** PagerDuty's analytics: the API, Insights (Incident Activity) and the older reports. */
export const analytics: HistoryFormat = {
  name: "analytics",
  description:
    "PagerDuty's analytics: the answers of POST /analytics/raw/incidents, the Incident Activity CSV of Insights, the\n    incident CSV of the older reports",
  pages: ["data"],
  headings: [
    "id",
    "number",
    "incident_id",
    "incident_number",
    "description",
    "title",
    "service",
    "service_id",
    "service_name",
    "created_at",
    "created_on",
    "resolved_at",
    "resolved_on",
    "auto_resolved",
    "resolved_by",
    "urgency",
    "tta",
    "ttr",
    "manual_escalations",
    "seconds_to_resolve",
  ],
  detects: ({ fields }) => exportKindOf(fields) === "analytics",
  reader: (options) => {
    const read = analyticsRowReader(options);
    return ({ fields }) => read(fields);
  },
};
