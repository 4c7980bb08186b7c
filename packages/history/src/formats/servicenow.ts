import type { Actor } from "@mrdata/incident";
import { umlautsFolded } from "@mrdata/learning";
import { z } from "zod";
import type { Fields } from "../source-row.ts";
import { detailNames } from "./detail-names.ts";
import { type HistoryFormat, NO_SERVICE } from "./format.ts";
import { optionalTime, problemOf, readTime, textOf, urgencyOf } from "./read-fields.ts";
import { servicenowLabels } from "./servicenow-labels.ts";

/** ServiceNow's incidents: lists as CSV, under labels in English, German or French, and the answers of the Table API. */
export const servicenow: HistoryFormat = {
  name: "servicenow",
  means:
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
      const told = (name: string) => textOf(row[name]);
      const read = schema.safeParse({
        id: told("number") ?? told("sys_id") ?? undefined,
        opened_at: timeOf(row.opened_at) ?? timeOf(row.sys_created_on) ?? undefined,
        resolved_at: timeOf(row.resolved_at),
        closed_at: timeOf(row.closed_at),
      });
      if (!read.success) return { problem: problemOf(read.error) };
      const { id, opened_at: createdAt, resolved_at, closed_at } = read.data;
      const resolvedAt = resolved_at ?? closed_at;
      if (resolvedAt !== null && resolvedAt < createdAt)
        return { problem: "resolved_at: is before opened_at" };
      const service = told("business_service") ?? told("cmdb_ci") ?? told("assignment_group");
      // Who closed what was resolved before is a timer of ServiceNow's as a rule.
      const closer = resolved_at === null ? told("closed_by") : told("resolved_by");
      const moved = Number(told("reassignment_count") ?? 0) > 0;
      return {
        incident: {
          id,
          service: (service ?? NO_SERVICE).slice(0, 200),
          title: told("short_description") ?? "",
          createdAt,
          resolvedAt,
          resolvedBy: resolvedAt === null ? null : closedBy(closer, isMonitor),
          acknowledgedAt: null,
          takenOverAt: moved ? resolvedAt : null,
          mergedInto: null,
          urgency: urgencyOf(told("urgency") ?? told("priority")),
          details: Object.fromEntries(
            names(Object.keys(row)).flatMap((name): [string, string][] => {
              const text = told(name);
              return text === null ? [] : [[name, text]];
            }),
          ),
        },
      };
    };
  },
};

/** `sysparm_display_value=all` has a time as its reader's clock shows it, and beside it as it is kept: in UTC. */
function timeOf(cell: unknown): string | null {
  const kept =
    typeof cell === "object" && cell !== null && "value" in cell && "display_value" in cell
      ? cell.value
      : null;
  return typeof kept === "string" && /^\d{4}-\d{2}-\d{2} [\d:]+$/u.test(kept) ? `${kept} UTC` : textOf(cell);
}

/** Under the names of the table's columns. */
function columnsOf(fields: Fields): Fields {
  const row: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const column = servicenowLabels[name] ?? servicenowLabels[umlautsFolded(name)] ?? name;
    if (row[column] === undefined) row[column] = value;
  }
  return row;
}

/** The event management closes what the monitor cleared; a name is a person's, a system's is nobody known. */
function closedBy(name: string | null, isMonitor: (name: string) => boolean): Actor {
  if (name === null) return "automation";
  if (isMonitor(name) || /\b(?:event ?management|evt_mgmt|monitoring)\b/iu.test(name)) return "integration";
  return /^(?:system|admin|system administrator|guest|mid\.?server|workflow|scheduled?.*)$/iu.test(
    name.trim(),
  )
    ? "automation"
    : "human";
}

/** What is told otherwise, or names one incident or one person. */
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
