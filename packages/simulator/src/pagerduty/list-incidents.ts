import { refusals } from "./errors.ts";
import { assigneesOf, type Incident } from "./incident.ts";
import { oneOf, timeOf } from "./rest-query.ts";
import type { World } from "./world.ts";

const DAY = 86_400_000;
const DEFAULT_RANGE = 30 * DAY;
const LONGEST_RANGE = 184 * DAY;

/**
 * The incidents that a query of GET /incidents asks for, oldest first unless `sort_by` says otherwise. A month unless
 * told, at most six at once, or `date_range=all`. Throws 2001.
 */
export function listIncidents(world: World, query: URLSearchParams): readonly Incident[] {
  const all = query.get("date_range") === "all";
  const until = timeOf(query, "until") ?? Number.POSITIVE_INFINITY;
  const since =
    timeOf(query, "since") ??
    (Number.isFinite(until) ? until - DEFAULT_RANGE : world.clock.now() - DEFAULT_RANGE);
  if (!all && Math.min(until, world.clock.now()) - since > LONGEST_RANGE)
    throw refusals.invalid("The range of since and until cannot exceed 6 months");
  const status = oneOf(query, "statuses");
  const service = oneOf(query, "service_ids");
  const user = oneOf(query, "user_ids");
  const urgency = oneOf(query, "urgencies");
  const key = query.get("incident_key");
  // Those that are open are few among all that ever were; in order of opening also where some were reopened.
  const among = status("resolved")
    ? [...world.incidents.values()]
    : [...world.open.values()].sort((a, b) => a.number - b.number);
  const listed = among.filter(
    (incident) =>
      (all || (incident.createdAt >= since && incident.createdAt < until)) &&
      status(incident.status) &&
      service(incident.service) &&
      urgency(incident.urgency) &&
      user(...assigneesOf(incident)) &&
      (key === null || incident.alerts.some((alert) => alert.key === key)),
  );
  return query.get("sort_by")?.endsWith(":desc") ? listed.toReversed() : listed;
}
