import type { Details, PastIncident } from "@mrdata/incident";
import { z } from "zod";
import type { HistoryFormat } from "./format.ts";
import { problemOf, readTime, urgencyOf } from "./read-fields.ts";

const labels = z.record(z.string(), z.string()).nullish();

/**
 * Stored webhooks of Alertmanager and Grafana, and the responses of Alertmanager's GET /api/v2/alerts. An alert, identified by fingerprint
 * and start, is an incident; firing and resolved messages of it are merged.
 */
export const alertmanager: HistoryFormat = {
  name: "alertmanager",
  description: "webhooks of Alertmanager and Grafana as they were kept, and GET /api/v2/alerts",
  headings: ["fingerprint", "starts_at", "ends_at", "labels", "annotations"],
  detects: ({ fields }) =>
    (Array.isArray(fields.alerts) && fields.receiver !== undefined) ||
    (fields.starts_at !== undefined && fields.labels !== undefined),
  reader: ({ time }) => {
    const alert = z.object({
      status: z
        .union([z.string(), z.object({ state: z.string() }).transform(({ state }) => state)])
        .nullish(),
      labels,
      annotations: labels,
      startsAt: readTime(time),
      endsAt: z.string().nullish(),
      fingerprint: z.string().nullish(),
    });
    const group = z.object({ receiver: z.string().nullish(), alerts: z.array(alert) });

    const incidentOf = (one: z.infer<typeof alert>, receiver: string | null): PastIncident => {
      const labelValues = one.labels ?? {};
      const { alertname = "", severity, service, job, namespace, grafana_folder, ...others } = labelValues;
      const at = one.endsAt == null ? null : time(one.endsAt);
      // While an alert fires, its end is missing or a time in the future.
      const endsAt = one.status === "resolved" && at !== null && at >= one.startsAt ? at : null;
      const print = one.fingerprint ?? JSON.stringify(Object.entries(labelValues).sort());
      const { summary, description } = one.annotations ?? {};
      return {
        id: `${print.slice(0, 150)}-${one.startsAt}`.replaceAll("/", "_"),
        service: service ?? job ?? namespace ?? grafana_folder ?? receiver ?? "alertmanager",
        title: summary ?? (alertname === "" ? (description ?? "") : alertname),
        createdAt: one.startsAt,
        resolvedAt: endsAt,
        resolvedBy: endsAt === null ? null : "integration",
        acknowledgedAt: null,
        takenOverAt: null,
        mergedInto: null,
        urgency: urgencyOf(severity),
        details: detailsIn({ ...others, alertname, severity, namespace, job }),
      };
    };

    return ({ fields, raw }) => {
      if (Array.isArray(fields.alerts)) {
        const read = group.safeParse({ receiver: fields.receiver, alerts: fields.alerts });
        if (!read.success) return { problem: problemOf(read.error) };
        const { receiver, alerts } = read.data;
        return { incidents: alerts.map((one) => incidentOf(one, receiver ?? null)) };
      }
      const read = alert.safeParse({ ...raw, startsAt: fields.starts_at, endsAt: fields.ends_at });
      return read.success ? { incident: incidentOf(read.data, null) } : { problem: problemOf(read.error) };
    };
  },
};

const detailsIn = (labelValues: Readonly<Record<string, string | undefined>>): Details =>
  Object.fromEntries(
    Object.entries(labelValues).flatMap(([name, value]): [string, string][] =>
      value === undefined || value === "" || name === "__alert_rule_uid__" ? [] : [[name, value]],
    ),
  );
