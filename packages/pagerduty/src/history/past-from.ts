import {
  eventsOf,
  type IncidentEvent,
  openingOf,
  type PastIncident,
  pastOf,
  timelineOf,
} from "@mrdata/incident";

/** Merges two rows of one incident: the later one takes precedence, and the earlier one fills what it leaves open. */
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
 * One incident from its row and its log entries; null where neither shows how it opened. Log entries are more exact and
 * take precedence, except for a merge, which they present as a person's resolve.
 */
export function pastFrom(row: PastIncident | null, log: readonly IncidentEvent[]): PastIncident | null {
  const opened = openingOf(timelineOf(log)) !== undefined;
  const opening = row === null ? [] : eventsOf(row).slice(0, 1);
  const logged = pastOf(timelineOf(opened ? log : [...opening, ...log]));
  if (row === null || logged === null) return row ?? logged;
  const closed = logged.resolvedAt !== null;
  return {
    ...(logged.serviceName === undefined ? {} : { serviceName: logged.serviceName }),
    ...row,
    resolvedAt: logged.resolvedAt ?? row.resolvedAt,
    resolvedBy: closed ? logged.resolvedBy : row.resolvedBy,
    acknowledgedAt: logged.acknowledgedAt ?? row.acknowledgedAt,
    takenOverAt: logged.takenOverAt ?? row.takenOverAt,
    mergedInto: row.mergedInto ?? logged.mergedInto,
    details: { ...row.details, ...logged.details },
    ...(logged.feedback === undefined ? {} : { feedback: logged.feedback }),
  };
}
