import type { PastIncident } from "@mrdata/incident";
import { analyticsRowReader } from "@mrdata/pagerduty";
import { z } from "zod";
import { type HistoryFormat, NO_SERVICE } from "./format.ts";
import { problemOf, readTime, urgencyOf } from "./read-fields.ts";

/** `pd incident list --csv` (martindstone/pagerduty-cli): without end and resolver; empty cells are `--`. */
export const pdList: HistoryFormat = {
  name: "pd-list",
  description: "'pd incident list --csv' of the PagerDuty CLI; it does not tell how incidents ended",
  headings: ["id", "status", "priority", "urgency", "title", "created", "service", "assigned_to", "teams"],
  detects: ({ fields }) =>
    fields.created !== undefined &&
    fields.title !== undefined &&
    fields.service !== undefined &&
    fields.status !== undefined,
  reader: ({ time }) => {
    const schema = z.object({
      id: z.string().min(1),
      title: z.string(),
      created: readTime(time),
      service: z.string().min(1),
      status: z.string(),
      urgency: z.unknown().optional(),
    });
    return ({ fields }) => {
      const read = schema.safeParse(fields);
      if (!read.success) return { problem: problemOf(read.error) };
      const { id, title, created, service, status, urgency } = read.data;
      return {
        incident: opened({
          id,
          service: service === "--" ? NO_SERVICE : service,
          title,
          createdAt: created,
          isClosed: status.toLowerCase() === "resolved",
          urgency: urgencyOf(urgency),
        }),
        opensOnly: true,
      };
    };
  },
};

/** `pd incident analytics --csv` of the same tool: without the service, unless run with `-k service_name`. */
export const pdAnalytics: HistoryFormat = {
  name: "pd-analytics",
  description:
    "'pd incident analytics --csv' of the PagerDuty CLI; beside the list it tells how long they lasted",
  headings: [
    "id",
    "created",
    "description",
    "sec_to_engage",
    "sec_to_1st_ack",
    "sec_to_resolve",
    "engaged_users",
  ],
  detects: ({ fields }) =>
    fields.created !== undefined &&
    fields.description !== undefined &&
    (fields.sec_to_resolve !== undefined || fields.sec_to_engage !== undefined),
  reader: (options) => {
    const read = analyticsRowReader(options);
    return ({ fields }) => {
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "--"));
      const isNamed = given.service_id !== undefined || given.service_name !== undefined;
      return read(isNamed ? given : { ...given, service_name: NO_SERVICE });
    };
  },
};

/** An incident of which only the opening is known. */
export const opened = (
  opening: Pick<PastIncident, "id" | "service" | "title" | "createdAt" | "urgency"> & {
    readonly serviceName?: string;
    readonly isClosed: boolean;
  },
): PastIncident => {
  const { isClosed, ...incident } = opening;
  return {
    ...incident,
    resolvedAt: isClosed ? incident.createdAt : null,
    resolvedBy: isClosed ? "automation" : null,
    acknowledgedAt: null,
    takenOverAt: null,
    mergedInto: null,
    details: {},
  };
};
