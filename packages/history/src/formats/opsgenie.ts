import type { Actor } from "@mrdata/incident";
import { columnWords } from "@mrdata/learning";
import { z } from "zod";
import type { Fields } from "../source-row.ts";
import { detailNames } from "./detail-names.ts";
import { type HistoryFormat, NO_SERVICE } from "./format.ts";
import { listOf, optionalTime, problemOf, readTime, textOf, urgencyOf } from "./read-fields.ts";

/** Opsgenie's alerts and those of Jira Service Management, which has them since: of the API and of its export. */
export const opsgenie: HistoryFormat = {
  name: "opsgenie",
  means:
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
    const names = detailNames({ others: noDetails, afterwards: changing, keeps, onLeftOut });
    const schema = z.object({
      id: z.string({ error: "is missing" }).min(1).max(200),
      created_at: readTime(time),
      updated_at: optionalTime(time),
      closed_at: optionalTime(time),
    });
    return ({ fields }) => {
      const report = wordsIn(fields.report);
      const told = (name: string) => textOf(fields[name] ?? report[name]);
      const read = schema.safeParse({
        id: told("id") ?? told("alert_id") ?? told("tiny_id") ?? undefined,
        created_at: told("created_at"),
        updated_at: told("updated_at") ?? told("last_occurred_at"),
        closed_at: told("closed_at"),
      });
      if (!read.success) return { problem: problemOf(read.error) };
      const { id, created_at: createdAt, updated_at, closed_at } = read.data;
      const isClosed = /^(?:closed|resolved)$/iu.test(told("status") ?? "");
      // `report.closeTime` and `report.ackTime` are milliseconds after the opening.
      const closeMs = Number(told("close_time") ?? Number.NaN);
      const ackMs = Number(told("ack_time") ?? Number.NaN);
      const after = (lasted: number) => (Number.isFinite(lasted) && lasted > 0 ? createdAt + lasted : null);
      const resolvedAt = isClosed ? (closed_at ?? after(closeMs) ?? updated_at ?? createdAt) : null;
      if (resolvedAt !== null && resolvedAt < createdAt)
        return { problem: "closed_at: is before created_at" };
      const source = told("source");
      const integration = textOf(fields.integration) ?? told("integration_name");
      const service = told("service") ?? integration ?? firstOf(fields.teams) ?? source ?? NO_SERVICE;
      const opened: Fields = { ...wordsIn(fields.details ?? fields.extra_properties), ...fields };
      return {
        incident: {
          id,
          service: service.slice(0, 200),
          title: told("message") ?? "",
          createdAt,
          resolvedAt,
          resolvedBy:
            resolvedAt === null ? null : closedBy(told("closed_by"), [source, integration], isMonitor),
          acknowledgedAt: /@/u.test(told("acknowledged_by") ?? "") ? after(ackMs) : null,
          takenOverAt: null,
          mergedInto: null,
          urgency: urgencyOf(told("priority")),
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

const wordsIn = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [columnWords(name), inner]))
    : {};

const firstOf = (value: unknown): string | null => {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return textOf(list[0]);
};

/** What an alert tells as it is by now. */
const changing: ReadonlySet<string> = new Set([
  "count",
  "owner",
  "owner_team_id",
  "is_seen",
  "seen",
  "seen_by",
]);

/** What is told otherwise, or names one alert or whoever is told of it. */
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
 * A person is an e-mail address. What the integration that opened it closed, or an API, is the monitor's clear; what
 * Opsgenie closed by itself ("System") is a policy's, and so nobody's.
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
