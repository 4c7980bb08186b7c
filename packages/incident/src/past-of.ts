import { closingTime } from "./contribution.ts";
import { detailsIn } from "./event-details.ts";
import { feedbackIn, feedbackOf } from "./feedback.ts";
import { maintenanceIn, takenOverAt } from "./outcome.ts";
import type { PastIncident } from "./past-incident.ts";
import { openingOf, type Timeline } from "./timeline.ts";

/**
 * An incident that the bot recorded, as history for training the next model. Null without an opening.
 * @example
 * ```ts
 * import { eventsOf } from "@mrdata/incident";
 * const past = { id: "P1", service: "PDB", title: "Disk full", urgency: "high", details: {}, createdAt: 0,
 *   resolvedAt: 120_000, resolvedBy: "integration", acknowledgedAt: null, takenOverAt: null, mergedInto: null };
 * pastOf(eventsOf(past)).resolvedAt; // => 120_000
 * pastOf([]); // => null
 * ```
 */
export function pastOf(timeline: Timeline): PastIncident | null {
  const opening = openingOf(timeline);
  if (!opening?.snapshot) return null;
  const { service, serviceName, title, urgency } = opening.snapshot;
  const resolvedAt = closingTime(timeline);
  const closing =
    resolvedAt === null
      ? undefined
      : timeline.find((event) => event.type === "resolved" && event.occurredAt === resolvedAt);
  const feedback = feedbackIn(timeline);
  const { numbers, texts, others } = detailsIn(timeline);
  const maintenance = maintenanceIn(timeline);
  return {
    id: opening.incident,
    service,
    ...(serviceName === null ? {} : { serviceName }),
    title,
    createdAt: opening.occurredAt,
    resolvedAt,
    resolvedBy: closing?.actor ?? null,
    acknowledgedAt:
      timeline.find((event) => event.type === "acknowledged" && event.actor === "human")?.occurredAt ?? null,
    // What people said is separate from what they did: they may say it long after the closing.
    takenOverAt: takenOverAt(timeline.filter((event) => feedbackOf(event) === null)),
    mergedInto: closing?.mergedInto ?? null,
    urgency,
    details: { ...others, ...numbers, ...texts },
    ...(feedback === null ? {} : { feedback }),
    ...(maintenance.length === 0 ? {} : { maintenance }),
  };
}
