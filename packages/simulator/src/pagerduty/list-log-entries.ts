import type { Incident, LogEntry } from "./incident.ts";
import { timeOf } from "./rest-query.ts";
import type { World } from "./world.ts";

/**
 * The log entries of all incidents, or of some, that a query asks for, newest first as PagerDuty lists them. An overview
 * has the most important changes only: who was notified is left out. Throws 2001.
 */
export function listLogEntries(
  world: World,
  query: URLSearchParams,
  among: Iterable<Incident> = world.incidents.values(),
): readonly { readonly incident: Incident; readonly entry: LogEntry }[] {
  const since = timeOf(query, "since") ?? Number.NEGATIVE_INFINITY;
  const until = timeOf(query, "until") ?? Number.POSITIVE_INFINITY;
  const isOverview = query.get("is_overview") === "true";
  return (
    [...among]
      .flatMap((incident) => incident.log.map((entry) => ({ incident, entry })))
      .filter(({ entry: { at, type } }) => at >= since && at < until && !(isOverview && type === "notify"))
      // Of one moment the later entry stands first, too.
      .reverse()
      .sort((a, b) => b.entry.at - a.entry.at)
  );
}
