import { exportKindOf, exportReader } from "@mrdata/pagerduty";
import type { HistoryFormat } from "./format.ts";

/** PagerDuty's incidents as returned by its REST API and as stored by tools: Steampipe, CloudQuery, Airbyte, Singer. */
export const incidents: HistoryFormat = {
  name: "incidents",
  description:
    "PagerDuty's incidents: the answers of GET /incidents and GET /incidents/{id}, as pages, objects, tables with JSON in\n    cells or dotted headings; Steampipe, CloudQuery, Airbyte and Singer keep the same",
  pages: ["incidents", "data", "rows"],
  headings: [
    "id",
    "incident_number",
    "title",
    "created_at",
    "status",
    "service",
    "last_status_change_by",
    "urgency",
  ],
  detects: ({ fields }) => exportKindOf(fields) === "incidents",
  reader: (options) => {
    const read = exportReader(options);
    return ({ fields }) => read("incidents", fields);
  },
};
