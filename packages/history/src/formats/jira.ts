import type { Actor } from "@mrdata/incident";
import { umlautsFolded } from "@mrdata/learning";
import { z } from "zod";
import type { Fields } from "../source-row.ts";
import { detailNames } from "./detail-names.ts";
import { type HistoryFormat, NO_SERVICE } from "./format.ts";
import { jiraLabels } from "./jira-labels.ts";
import { listOf, optionalTime, problemOf, readTime, textOf, urgencyOf } from "./read-fields.ts";

/** Jira issues, which Jira Service Management uses for incidents: the CSV export, and the responses of the search API. */
export const jira: HistoryFormat = {
  name: "jira",
  description:
    "Jira Service Management's incidents: the CSV export of issues, and the answers of /rest/api/3/search",
  pages: ["issues"],
  headings: [
    ...Object.keys(jiraLabels),
    "issue_key",
    "issue_id",
    "issue_type",
    "summary",
    "status",
    "project_key",
    "priority",
    "resolution",
    "assignee",
    "reporter",
    "creator",
    "created",
    "updated",
    "resolved",
  ],
  detects: ({ fields }) => {
    if (fields.key !== undefined && typeof fields.fields === "object") return true;
    const row = columnsOf(fields);
    return row.issue_key !== undefined && row.summary !== undefined && row.created !== undefined;
  },
  reader: ({ time, keeps, onLeftOut, isMonitor }) => {
    const names = detailNames({ others: noDetails, afterwards: currentState, keeps, onLeftOut });
    const schema = z.object({
      id: z.string({ error: "is missing" }).min(1).max(200),
      summary: z.string({ error: "is missing" }),
      created: readTime(time),
      resolved: optionalTime(time),
    });
    return ({ fields: outer }) => {
      const inner = z.record(z.string(), z.unknown()).safeParse(outer.fields);
      const fields = columnsOf(inner.success ? inner.data : outer);
      const read = schema.safeParse({
        id: textOf(fields.issue_key ?? outer.key) ?? undefined,
        summary: textOf(fields.summary) ?? undefined,
        created: textOf(fields.created) ?? undefined,
        resolved: textOf(fields.resolved ?? fields.resolutiondate),
      });
      if (!read.success) return { problem: problemOf(read.error) };
      const { id, summary, created, resolved } = read.data;
      if (resolved !== null && resolved < created) return { problem: "resolved: is before created" };
      const service =
        firstText(fields.affected_services ?? fields.service) ??
        firstText(fields.components ?? fields.component_s) ??
        textOf(fields.project_name ?? fields.project_key ?? fields.project);
      return {
        incident: {
          id,
          service: (service ?? NO_SERVICE).slice(0, 200),
          title: summary,
          createdAt: created,
          resolvedAt: resolved,
          resolvedBy: resolved === null ? null : closedBy(textOf(fields.assignee), isMonitor),
          acknowledgedAt: null,
          takenOverAt: null,
          mergedInto: null,
          urgency: urgencyOf(fields.priority),
          details: Object.fromEntries(
            names(Object.keys(fields)).flatMap((name): [string, string][] => {
              const text = textOf(fields[name]) ?? listOf(fields[name]);
              return text === null ? [] : [[name, text]];
            }),
          ),
        },
      };
    };
  },
};

/**
 * The row under English column names; custom fields are exported as `Custom field (Affected services)`. Repeated headings (`Labels 2`) are
 * left out, since their order has no meaning.
 */
function columnsOf(fields: Fields): Fields {
  const row: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (/_\d+$/u.test(name) && fields[name.replace(/_\d+$/u, "")] !== undefined) continue;
    const plain = name.replace(/^(?:custom_field|benutzerdefiniertes_feld|champs_personnalise)_(?=.)/u, "");
    const column = jiraLabels[plain] ?? jiraLabels[umlautsFolded(plain)] ?? plain;
    if (row[column] === undefined) row[column] = value;
  }
  return row;
}

/** An issue does not name its resolver: the assignee is the best guess, and usually a person. */
function closedBy(assignee: string | null, isMonitor: (name: string) => boolean): Actor {
  if (assignee === null) return "automation";
  if (isMonitor(assignee)) return "integration";
  return /^(?:automation for jira|jira automation|system|unassigned|nicht zugewiesen|non assigné)$/iu.test(
    assignee.trim(),
  )
    ? "automation"
    : "human";
}

/** The text of a value, or of the first element of a list. */
const firstText = (value: unknown): string | null => textOf(Array.isArray(value) ? value[0] : value);

/** Columns with the current state of an issue. */
const currentState: ReadonlySet<string> = new Set([
  "updated",
  "votes",
  "watches",
  "watchers",
  "watchers_id",
  "sprint",
  "comment",
  "comments",
  "attachment",
  "progress",
  "aggregateprogress",
  "lastviewed",
  "resolutiondate",
  "statuscategorychangedate",
  "due_date",
  "duedate",
]);

/** Columns read elsewhere, or that identify an issue or a person. */
const noDetails: ReadonlySet<string> = new Set([
  "summary",
  "description",
  "issue_key",
  "issue_id",
  "parent",
  "parent_id",
  "created",
  "creator",
  "creator_id",
  "reporter",
  "reporter_id",
  "project",
  "project_key",
  "project_name",
  "project_type",
  "project_lead",
  "project_lead_id",
  "project_description",
  "project_url",
  "rank",
]);
