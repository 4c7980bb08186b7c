import type { PastIncident } from "@mrdata/incident";

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A past incident as a row of our own format, from which `pastIncidentReader` restores it unchanged. */
export const rowOfPast = (past: PastIncident): Readonly<Record<string, unknown>> => ({
  id: past.numericId ? Number(past.id) : past.id,
  service: past.service,
  service_name: past.serviceName ?? null,
  title: past.title,
  created_at: iso(past.createdAt),
  resolved_at: iso(past.resolvedAt),
  resolved_by: past.resolvedBy,
  acknowledged_at: iso(past.acknowledgedAt),
  taken_over_at: iso(past.takenOverAt),
  merged_into: past.mergedInto,
  urgency: past.urgency,
  feedback: past.feedback?.said ?? null,
  feedback_at: iso(past.feedback?.at ?? null),
  ...(past.maintenance === undefined
    ? {}
    : { maintenance: past.maintenance.map(({ start, end }) => ({ start: iso(start), end: iso(end) })) }),
  details: past.details,
});
