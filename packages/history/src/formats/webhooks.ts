import { parseWebhook } from "@mrdata/pagerduty";
import type { HistoryFormat } from "./format.ts";

/** PagerDuty's webhooks (V3) as stored by a receiver: one event each. */
export const webhooks: HistoryFormat = {
  name: "webhooks",
  description: "PagerDuty's webhooks (V3) as they were kept, an object each",
  isEventLog: true,
  headings: ["event"],
  detects: ({ fields: { event } }) =>
    typeof event === "object" && event !== null && "event_type" in event && "occurred_at" in event,
  reader:
    ({ identity }) =>
    ({ fields: { event } }) => {
      const parsed = parseWebhook({ event }, identity);
      switch (parsed.kind) {
        case "incident-event":
          return { of: parsed.event.incident, event: parsed.event };
        case "ignored":
          return { of: parsed.id, event: null };
        case "invalid":
          return { problem: parsed.problem };
      }
    },
};
