import type { Actor } from "@mrdata/incident";
import { columnWords } from "@mrdata/learning";
import { z } from "zod";
import type { Fields } from "../source-row.ts";
import { type HistoryFormat, NO_SERVICE } from "./format.ts";
import { optionalTime, problemOf, readTime, textOf, urgencyOf } from "./read-fields.ts";

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
  reader: ({ time, isMonitor }) => {
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
      const integration = wordsIn(fields.integration);
      const service =
        told("service") ?? textOf(integration.name) ?? firstOf(fields.teams) ?? told("source") ?? NO_SERVICE;
      const source = told("source");
      return {
        incident: {
          id,
          service: service.slice(0, 200),
          title: told("message") ?? "",
          createdAt,
          resolvedAt,
          resolvedBy: resolvedAt === null ? null : closedBy(told("closed_by"), source, isMonitor),
          acknowledgedAt: /@/u.test(told("acknowledged_by") ?? "") ? after(ackMs) : null,
          takenOverAt: null,
          mergedInto: null,
          urgency: urgencyOf(told("priority")),
          details: {
            ...(told("priority") === null ? {} : { priority: told("priority") ?? "" }),
            ...(source === null ? {} : { source }),
          },
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

/**
 * A person is an e-mail address. What the integration that opened it closed, or an API, is the monitor's clear; what
 * Opsgenie closed by itself ("System") is a policy's, and so nobody's.
 */
function closedBy(name: string | null, source: string | null, isMonitor: (name: string) => boolean): Actor {
  if (name === null) return "automation";
  if (isMonitor(name)) return "integration";
  if (name.includes("@")) return "human";
  if (/^system$/iu.test(name.trim())) return "automation";
  return name === source || /\b(?:api|integration)\b/iu.test(name) ? "integration" : "automation";
}
