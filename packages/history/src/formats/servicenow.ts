import type { Actor } from "@mrdata/incident";
import { umlautsFolded } from "@mrdata/learning";
import { z } from "zod";
import type { Fields } from "../source-row.ts";
import { detailNames } from "./detail-names.ts";
import { type HistoryFormat, NO_SERVICE } from "./format.ts";
import { optionalTime, problemOf, readTime, textOf, urgencyOf } from "./read-fields.ts";
import { servicenowLabels } from "./servicenow-labels.ts";

/** ServiceNow's incidents: lists as CSV with English, German or French labels, and the responses of the Table API. */
export const servicenow: HistoryFormat = {
  name: "servicenow",
  description:
    "ServiceNow's incidents: a list as CSV (labels in English, German or French), or the answers of the Table API\n    (/api/now/table/incident)",
  pages: ["result", "records"],
  headings: [
    ...Object.keys(servicenowLabels),
    "number",
    "short_description",
    "opened_at",
    "closed_at",
    "resolved_at",
    "resolved_by",
    "closed_by",
    "priority",
    "category",
    "assignment_group",
    "state",
    "caller",
    "caller_id",
  ],
  detects: ({ fields }) => {
    const row = columnsOf(fields);
    return (
      row.short_description !== undefined &&
      (row.number !== undefined || row.sys_id !== undefined) &&
      (row.opened_at !== undefined || row.sys_created_on !== undefined)
    );
  },
  reader: ({ time, keeps, onLeftOut, isMonitor }) => {
    const schema = z.object({
      id: z.string({ error: "is missing" }).min(1),
      opened_at: readTime(time),
      resolved_at: optionalTime(time),
      closed_at: optionalTime(time),
    });
    const names = detailNames({ others: noDetails, keeps, onLeftOut });
    return ({ fields }) => {
      const row = columnsOf(fields);
      const field = (name: string) => textOf(row[name]);
      const read = schema.safeParse({
        id: field("number") ?? field("sys_id") ?? undefined,
        opened_at: timeOf(row.opened_at) ?? timeOf(row.sys_created_on) ?? undefined,
        resolved_at: timeOf(row.resolved_at),
        closed_at: timeOf(row.closed_at),
      });
      if (!read.success) return { problem: problemOf(read.error) };
      const { id, opened_at: createdAt, resolved_at, closed_at } = read.data;
      const resolvedAt = resolved_at ?? closed_at;
      if (resolvedAt !== null && resolvedAt < createdAt)
        return { problem: "resolved_at: is before opened_at" };
      const service = field("business_service") ?? field("cmdb_ci") ?? field("assignment_group");
      // An incident that was resolved earlier is usually closed by a timer of ServiceNow.
      const closer = resolved_at === null ? field("closed_by") : field("resolved_by");
      const moved = Number(field("reassignment_count") ?? 0) > 0;
      return {
        incident: {
          id,
          service: (service ?? NO_SERVICE).slice(0, 200),
          title: field("short_description") ?? "",
          createdAt,
          resolvedAt,
          resolvedBy: resolvedAt === null ? null : closedBy(closer, isMonitor),
          acknowledgedAt: null,
          takenOverAt: moved ? resolvedAt : null,
          mergedInto: null,
          urgency: urgencyOf(field("urgency") ?? field("priority")),
          details: Object.fromEntries(
            names(Object.keys(row)).flatMap((name): [string, string][] => {
              const text = field(name);
              return text === null ? [] : [[name, text]];
            }),
          ),
        },
      };
    };
  },
};

/** With `sysparm_display_value=all` a time has a display value in the user's zone and a stored value in UTC. */
function timeOf(cell: unknown): string | null {
  const stored =
    typeof cell === "object" && cell !== null && "value" in cell && "display_value" in cell
      ? cell.value
      : null;
  return typeof stored === "string" && /^\d{4}-\d{2}-\d{2} [\d:]+$/u.test(stored)
    ? `${stored} UTC`
    : textOf(cell);
}

/** The row under the table's column names. */
function columnsOf(fields: Fields): Fields {
  const row: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const column = servicenowLabels[name] ?? servicenowLabels[umlautsFolded(name)] ?? name;
    if (row[column] === undefined) row[column] = value;
  }
  return row;
}

/** Event management closes what the monitor cleared; system accounts are automation; any other name is a person. */
function closedBy(name: string | null, isMonitor: (name: string) => boolean): Actor {
  if (name === null) return "automation";
  if (isMonitor(name) || /\b(?:event ?management|evt_mgmt|monitoring)\b/iu.test(name)) return "integration";
  return /^(?:system|admin|system administrator|guest|mid\.?server|workflow|scheduled?.*)$/iu.test(
    name.trim(),
  )
    ? "automation"
    : "human";
}

/** Columns read elsewhere, or that identify an incident or a person. */
const noDetails: ReadonlySet<string> = new Set([
  "number",
  "sys_id",
  "short_description",
  "description",
  "opened_at",
  "opened_by",
  "sys_created_on",
  "sys_created_by",
  "resolved_at",
  "resolved_by",
  "closed_at",
  "closed_by",
  "reassignment_count",
  "business_service",
  "caller",
  "caller_id",
  "urgency",
]);
