import { logEntryReader } from "@mrdata/pagerduty";
import { z } from "zod";
import type { HistoryFormat } from "./format.ts";
import { opened } from "./pd-cli.ts";
import { problemOf, readTime } from "./read-fields.ts";

/** The table `incidents` of pd2pg: only the openings. The rest is in `log_entries`. */
export const pd2pgIncidents: HistoryFormat = {
  name: "pd2pg-incidents",
  description: "pd2pg's table incidents; together with its log_entries it tells how they ended",
  headings: ["id", "incident_number", "created_at", "service_id", "trigger_summary_subject", "trigger_type"],
  detects: ({ fields }) => fields.trigger_type !== undefined && fields.service_id !== undefined,
  reader: ({ time }) => {
    const schema = z.object({
      id: z.string().min(1),
      created_at: readTime(time),
      service_id: z.string().min(1),
      trigger_summary_subject: z.string().nullish(),
      trigger_summary_description: z.string().nullish(),
    });
    return ({ fields }) => {
      const read = schema.safeParse(fields);
      if (!read.success) return { problem: problemOf(read.error) };
      const { id, created_at, service_id, trigger_summary_subject, trigger_summary_description } = read.data;
      return {
        incident: opened({
          id,
          service: service_id,
          title: trigger_summary_subject ?? trigger_summary_description ?? "",
          createdAt: created_at,
          isClosed: true,
          urgency: "high",
        }),
        opensOnly: true,
      };
    };
  },
};

/** The table `log_entries` of pd2pg: PagerDuty's log entries with their agents in columns. */
export const pd2pgLogEntries: HistoryFormat = {
  name: "pd2pg-log-entries",
  description: "pd2pg's table log_entries",
  isEventLog: true,
  headings: ["id", "type", "created_at", "incident_id", "agent_type", "agent_id", "channel_type", "user_id"],
  detects: ({ fields }) =>
    fields.incident_id !== undefined && fields.type !== undefined && fields.agent_type !== undefined,
  reader: (options) => {
    const read = logEntryReader(options);
    return ({ fields: { id, type, created_at, incident_id, agent_type, agent_id, channel_type } }) =>
      read({
        id,
        type: `${String(type).replace(/_log_entry$/u, "")}_log_entry`,
        created_at,
        agent: { id: agent_id ?? null, type: `${String(agent_type).replace(/_reference$/u, "")}_reference` },
        channel: { type: channel_type ?? null },
        incident: { id: incident_id },
      });
  },
};
