import { z } from "zod";
import { type HistoryFormat, NO_SERVICE } from "./format.ts";
import { optionalTime, problemOf, readTime, textOf, urgencyOf } from "./read-fields.ts";

/** Jira's issues, as Jira Service Management keeps incidents: the CSV export, and the answers of its search. */
export const jira: HistoryFormat = {
  name: "jira",
  means:
    "Jira Service Management's incidents: the CSV export of issues, and the answers of /rest/api/3/search",
  pages: ["issues"],
  headings: [
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
  detects: ({ fields }) =>
    (fields.issue_key !== undefined && fields.summary !== undefined && fields.created !== undefined) ||
    (fields.key !== undefined && typeof fields.fields === "object"),
  reader: ({ time, isMonitor }) => {
    const schema = z.object({
      id: z.string({ error: "is missing" }).min(1).max(200),
      summary: z.string({ error: "is missing" }),
      created: readTime(time),
      resolved: optionalTime(time),
    });
    return ({ fields: outer }) => {
      const inner = z.record(z.string(), z.unknown()).safeParse(outer.fields);
      const fields = inner.success ? inner.data : outer;
      const read = schema.safeParse({
        id: textOf(outer.issue_key ?? outer.key) ?? undefined,
        summary: textOf(fields.summary) ?? undefined,
        created: textOf(fields.created) ?? undefined,
        resolved: textOf(fields.resolved ?? fields.resolutiondate),
      });
      if (!read.success) return { problem: problemOf(read.error) };
      const { id, summary, created, resolved } = read.data;
      if (resolved !== null && resolved < created) return { problem: "resolved: is before created" };
      const service =
        textOf(fields.affected_services ?? fields.service) ??
        textOf(fields.components ?? fields.component_s) ??
        textOf(fields.project_name ?? fields.project_key ?? fields.project);
      const priority = textOf(fields.priority);
      // An issue does not say who resolved it: whoever it is assigned to is the nearest, and a person as a rule.
      const assignee = textOf(fields.assignee);
      return {
        incident: {
          id,
          service: (service ?? NO_SERVICE).slice(0, 200),
          title: summary,
          createdAt: created,
          resolvedAt: resolved,
          resolvedBy:
            resolved === null
              ? null
              : assignee === null
                ? "automation"
                : isMonitor(assignee)
                  ? "integration"
                  : "human",
          acknowledgedAt: null,
          takenOverAt: null,
          mergedInto: null,
          urgency: urgencyOf(priority),
          details: priority === null ? {} : { priority },
        },
      };
    };
  },
};
