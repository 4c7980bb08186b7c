import type { Incident, LogEntry } from "./incident.ts";
import { timeOf } from "./rest-query.ts";
import type { World } from "./world.ts";

/** The log entries of all incidents that GET /log_entries asks for, newest first as PagerDuty lists them. Throws 2001. */
export function listLogEntries(
  world: World,
  query: URLSearchParams,
): readonly { readonly incident: Incident; readonly entry: LogEntry }[] {
  const since = timeOf(query, "since") ?? Number.NEGATIVE_INFINITY;
  const until = timeOf(query, "until") ?? Number.POSITIVE_INFINITY;
  return [...world.incidents.values()]
    .flatMap((incident) => incident.log.map((entry) => ({ incident, entry })))
    .filter(({ entry: { at } }) => at >= since && at < until)
    .sort((a, b) => b.entry.at - a.entry.at);
}
