import type { PastIncident } from "@mrdata/incident";
import { analyticsRowReader } from "@mrdata/pagerduty";
import { z } from "zod";
import { type HistoryFormat, NO_SERVICE } from "./format.ts";
import { problemOf, readTime, urgencyOf } from "./read-fields.ts";

/** `pd incident list --csv` (martindstone/pagerduty-cli): no end and nobody who closed, an empty cell is `--`. */
export const pdList: HistoryFormat = {
  name: "pd-list",
  means: "'pd incident list --csv' of the PagerDuty CLI; it does not tell how incidents ended",
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

/** `pd incident analytics --csv` of the same: it names no service, unless `-k service_name` was asked for. */
export const pdAnalytics: HistoryFormat = {
  name: "pd-analytics",
  means: "'pd incident analytics --csv' of the PagerDuty CLI; beside the list it tells how long they lasted",
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

/** An incident of which only the opening is told: when it closed and who closed it nobody knows. */
export const opened = (
  told: Pick<PastIncident, "id" | "service" | "title" | "createdAt" | "urgency"> & {
    readonly serviceName?: string;
    readonly isClosed: boolean;
  },
): PastIncident => {
  const { isClosed, ...incident } = told;
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
