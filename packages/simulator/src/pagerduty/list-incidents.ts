import { refusals } from "./errors.ts";
import { assigneesOf, type Incident, type Urgency } from "./incident.ts";
import { oneOf, timeOf } from "./rest-query.ts";
import type { World } from "./world.ts";

const DAY = 86_400_000;
const DEFAULT_RANGE = 30 * DAY;
const MAX_RANGE = 184 * DAY;

/**
 * The incidents that a query of GET /incidents asks for, oldest first unless `sort_by` says otherwise. By default a month,
 * at most six months, or `date_range=all`. What only one of `since` and `until` means is not documented: it is refused.
 * Throws 2001.
 */
export function listIncidents(world: World, query: URLSearchParams): readonly Incident[] {
  const all = query.get("date_range") === "all";
  if (!all && query.has("since") !== query.has("until"))
    throw refusals.invalid("since and until are played together only");
  const until = timeOf(query, "until") ?? Number.POSITIVE_INFINITY;
  const since = timeOf(query, "since") ?? world.clock.now() - DEFAULT_RANGE;
  if (!all && Math.min(until, world.clock.now()) - since > MAX_RANGE)
    throw refusals.invalid("The range of since and until cannot exceed 6 months");
  const status = oneOf(query, "statuses");
  const service = oneOf(query, "service_ids");
  const user = oneOf(query, "user_ids");
  const urgency = oneOf(query, "urgencies");
  const key = query.get("incident_key");
  // Those that are open are few among all that ever were; in order of opening also where some were reopened.
  const reader = world.reader();
  const among = status("resolved")
    ? [...world.incidents.values()]
    : [...new Set([...world.open.values(), ...reader.changed])].sort((a, b) => a.number - b.number);
  const seen = among.flatMap((incident) => reader.listed(incident) ?? []);
  const listed = seen.filter(
    (incident) =>
      (all || (incident.createdAt >= since && incident.createdAt < until)) &&
      status(incident.status) &&
      service(incident.service) &&
      urgency(incident.urgency) &&
      user(...assigneesOf(incident)) &&
      (key === null || incident.alerts.some((alert) => alert.key === key)),
  );
  return sorted(listed, query.get("sort_by"));
}

const URGENCIES: readonly Urgency[] = ["low", "high"];
const sortKeys: Readonly<Record<string, (incident: Incident) => number>> = {
  incident_number: ({ number }) => number,
  created_at: ({ createdAt }) => createdAt,
  resolved_at: ({ resolvedAt }) => resolvedAt ?? Number.POSITIVE_INFINITY,
  urgency: ({ urgency }) => URGENCIES.indexOf(urgency),
};

/** `sort_by`: one or two of its fields with `:asc` or `:desc`, by commas (API reference). Throws 2001. */
function sorted(listed: readonly Incident[], sortBy: string | null): readonly Incident[] {
  if (sortBy === null) return listed;
  const orders = sortBy.split(",").map((one) => {
    const [field = "", direction = "asc"] = one.split(":");
    const key = Object.hasOwn(sortKeys, field) ? sortKeys[field] : undefined;
    if (key === undefined || !["asc", "desc"].includes(direction))
      throw refusals.invalid(`sort_by cannot be ${one}`);
    return { key, sign: direction === "desc" ? -1 : 1 };
  });
  if (orders.length > 2) throw refusals.invalid("sort_by takes two fields at most");
  return listed.toSorted((a, b) => {
    for (const { key, sign } of orders) {
      const [one, other] = [key(a), key(b)];
      if (one !== other) return one < other ? -sign : sign;
    }
    return 0;
  });
}
