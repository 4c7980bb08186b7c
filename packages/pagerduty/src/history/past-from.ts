import {
  eventsOf,
  type IncidentEvent,
  openingOf,
  type PastIncident,
  pastOf,
  timelineOf,
} from "@mrdata/incident";

/** A row told again: the later one stands, and what it leaves open the former fills. */
export const mergeIncidents = (before: PastIncident, now: PastIncident): PastIncident => ({
  ...(before.feedback === undefined ? {} : { feedback: before.feedback }),
  ...now,
  resolvedAt: now.resolvedAt ?? before.resolvedAt,
  resolvedBy: now.resolvedAt === null ? before.resolvedBy : now.resolvedBy,
  acknowledgedAt: now.acknowledgedAt ?? before.acknowledgedAt,
  takenOverAt: now.takenOverAt ?? before.takenOverAt,
  mergedInto: now.mergedInto ?? before.mergedInto,
  details: { ...before.details, ...now.details },
});

/**
 * One incident of what its row and its log entries tell; null where neither tells how it opened. Log entries are the
 * more exact: they stand where both tell something, but for a merge, which they take for a person's resolve.
 */
export function pastFrom(row: PastIncident | null, log: readonly IncidentEvent[]): PastIncident | null {
  const opened = openingOf(timelineOf(log)) !== undefined;
  const opening = row === null ? [] : eventsOf(row).slice(0, 1);
  const told = pastOf(timelineOf(opened ? log : [...opening, ...log]));
  if (row === null || told === null) return row ?? told;
  const closed = told.resolvedAt !== null;
  return {
    ...(told.serviceName === undefined ? {} : { serviceName: told.serviceName }),
    ...row,
    resolvedAt: told.resolvedAt ?? row.resolvedAt,
    resolvedBy: closed ? told.resolvedBy : row.resolvedBy,
    acknowledgedAt: told.acknowledgedAt ?? row.acknowledgedAt,
    takenOverAt: told.takenOverAt ?? row.takenOverAt,
    mergedInto: row.mergedInto ?? told.mergedInto,
    details: { ...row.details, ...told.details },
    ...(told.feedback === undefined ? {} : { feedback: told.feedback }),
  };
}
