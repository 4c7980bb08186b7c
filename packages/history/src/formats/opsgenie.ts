import type { Actor } from "@mrdata/incident";
import { columnWords } from "@mrdata/learning";
import { z } from "zod";
import type { Fields } from "../source-row.ts";
import { detailNames } from "./detail-names.ts";
import { type HistoryFormat, NO_SERVICE } from "./format.ts";
import { listOf, optionalTime, problemOf, readTime, textOf, urgencyOf } from "./read-fields.ts";

/** Alerts of Opsgenie and of its successor Jira Service Management: API responses and exports. */
export const opsgenie: HistoryFormat = {
  name: "opsgenie",
  description:
    "Opsgenie's and Jira Service Management's alerts: the answers of GET /v2/alerts, and exports as CSV or JSON",
  pages: ["data", "values"],
  headings: [
    "id",
    "tiny_id",
    "alias",
    "message",
    "status",
    "acknowledged",
    "created_at",
    "updated_at",
    "source",
    "owner",
    "priority",
    "teams",
    "close_time",
    "closed_by",
  ],
  detects: ({ fields }) =>
    fields.message !== undefined &&
    fields.created_at !== undefined &&
    (fields.tiny_id !== undefined || (fields.alias !== undefined && fields.status !== undefined)),
  reader: ({ time, keeps, onLeftOut, isMonitor }) => {
    const names = detailNames({ others: noDetails, afterwards: currentState, keeps, onLeftOut });
    const schema = z.object({
      id: z.string({ error: "is missing" }).min(1).max(200),
      created_at: readTime(time),
      updated_at: optionalTime(time),
      closed_at: optionalTime(time),
    });
    return ({ fields }) => {
      const report = normalised(fields.report);
      const field = (name: string) => textOf(fields[name] ?? report[name]);
      const read = schema.safeParse({
        id: field("id") ?? field("alert_id") ?? field("tiny_id") ?? undefined,
        created_at: field("created_at"),
        updated_at: field("updated_at") ?? field("last_occurred_at"),
        closed_at: field("closed_at"),
      });
      if (!read.success) return { problem: problemOf(read.error) };
      const { id, created_at: createdAt, updated_at, closed_at } = read.data;
      const isClosed = /^(?:closed|resolved)$/iu.test(field("status") ?? "");
      // `report.closeTime` and `report.ackTime` are in milliseconds since the alert opened.
      const closeMs = Number(field("close_time") ?? Number.NaN);
      const ackMs = Number(field("ack_time") ?? Number.NaN);
      const after = (elapsedMs: number) =>
        Number.isFinite(elapsedMs) && elapsedMs > 0 ? createdAt + elapsedMs : null;
      const resolvedAt = isClosed ? (closed_at ?? after(closeMs) ?? updated_at ?? createdAt) : null;
      if (resolvedAt !== null && resolvedAt < createdAt)
        return { problem: "closed_at: is before created_at" };
      const source = field("source");
      const integration = textOf(fields.integration) ?? field("integration_name");
      const service = field("service") ?? integration ?? firstOf(fields.teams) ?? source ?? NO_SERVICE;
      const opened: Fields = { ...normalised(fields.details ?? fields.extra_properties), ...fields };
      return {
        incident: {
          id,
          service: service.slice(0, 200),
          title: field("message") ?? "",
          createdAt,
          resolvedAt,
          resolvedBy:
            resolvedAt === null ? null : closedBy(field("closed_by"), [source, integration], isMonitor),
          acknowledgedAt: /@/u.test(field("acknowledged_by") ?? "") ? after(ackMs) : null,
          takenOverAt: null,
          mergedInto: null,
          urgency: urgencyOf(field("priority")),
          details: Object.fromEntries(
            names(Object.keys(opened)).flatMap((name): [string, string][] => {
              const text = textOf(opened[name]) ?? listOf(opened[name]);
              return text === null ? [] : [[name, text]];
            }),
          ),
        },
      };
    };
  },
};

const normalised = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [columnWords(name), inner]))
    : {};

const firstOf = (value: unknown): string | null => {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return textOf(list[0]);
};

/** Columns with the current state of an alert. */
const currentState: ReadonlySet<string> = new Set([
  "count",
  "owner",
  "owner_team_id",
  "is_seen",
  "seen",
  "seen_by",
]);

/** Columns read elsewhere, or that identify an alert or its recipients. */
const noDetails: ReadonlySet<string> = new Set([
  "id",
  "alert_id",
  "tiny_id",
  "alias",
  "message",
  "description",
  "created_at",
  "created_at_date",
  "updated_at_date",
  "service",
  "integration",
  "integration_name",
  "report",
  "details",
  "extra_properties",
  "teams",
  "visible_to",
  "actions",
  "integration_id",
  "integration_type",
]);

/**
 * An e-mail address is a person. If the integration that opened the alert closed it, or an API did, the monitor cleared it; "System" is an
 * Opsgenie policy, so the alert counts as closed by automation.
 */
function closedBy(
  name: string | null,
  openedBy: readonly (string | null)[],
  isMonitor: (name: string) => boolean,
): Actor {
  if (name === null) return "automation";
  if (isMonitor(name)) return "integration";
  if (name.includes("@")) return "human";
  if (/^system$/iu.test(name.trim())) return "automation";
  return openedBy.includes(name) || /\b(?:api|integration)\b/iu.test(name) ? "integration" : "automation";
}
