import { refusals } from "./errors.ts";
import type { Route } from "./routes.ts";

/** True: any value. */
type Played = Readonly<Record<string, true | RegExp>>;

const page: Played = { limit: true, offset: true, total: /^(true|false)$/ };
/** A time without an offset is in the account's time zone, which is UTC here. */
const zone: Played = { time_zone: /^(UTC|Etc\/UTC)$/ };
const period: Played = { since: true, until: true, ...zone };
const including = (...names: readonly string[]): Played => ({
  "include[]": new RegExp(`^(${names.join("|")})$`),
});

const incidentIncludes = including(
  "acknowledgers",
  "agents",
  "assignees",
  "body",
  "conference_bridge",
  "escalation_policies",
  "first_trigger_log_entries",
  "priorities",
  "services",
  "teams",
  "users",
);
const logEntries: Played = {
  ...page,
  ...period,
  is_overview: /^(true|false)$/,
  ...including("channels", "incidents", "services", "teams"),
};
const userIncludes = including("contact_methods", "notification_rules", "teams");
const serviceIncludes = including("escalation_policies", "integrations", "teams");
const policyIncludes = including("services", "targets", "teams");
const byName = /^name(:asc)?$/;

/**
 * The parameters that each route plays, with the values that it plays. A parameter that changed nothing would be taken
 * for one that found nothing to change.
 */
const played: Readonly<Record<string, Played>> = {
  "GET /incidents": {
    ...page,
    ...period,
    date_range: /^all$/,
    "statuses[]": /^(triggered|acknowledged|resolved)$/,
    "service_ids[]": true,
    "user_ids[]": true,
    "urgencies[]": /^(high|low)$/,
    incident_key: true,
    // What it cannot be sorted by the route itself refuses.
    sort_by: true,
    ...incidentIncludes,
  },
  "GET /incidents/:id": incidentIncludes,
  "GET /incidents/:id/alerts": {
    ...page,
    "statuses[]": /^(triggered|resolved)$/,
    alert_key: true,
    sort_by: /^created_at(:(asc|desc))?$/,
    ...including("incidents", "services", "first_trigger_log_entries"),
  },
  "GET /incidents/:id/log_entries": logEntries,
  "GET /log_entries": logEntries,
  "GET /log_entries/:id": { ...zone, ...including("channels", "incidents", "services", "teams") },
  "GET /users": { ...page, query: true, ...userIncludes },
  "GET /users/me": userIncludes,
  "GET /users/:id": userIncludes,
  "GET /event_orchestrations": { ...page, sort_by: /^(name|routes|created_at)(:(asc|desc))?$/ },
  "GET /schedules": { ...page, query: true },
  "GET /schedules/:id": { ...period, ...including("final_schedule") },
  "GET /schedules/:id/users": { since: true, until: true },
  "GET /schedules/:id/overrides": { since: true, until: true },
  "GET /v3/schedules": { limit: true, offset: true },
  // An `include[]` of anything else is refused there in PagerDuty's own words.
  "GET /v3/schedules/:id": { ...period, "include[]": true },
  "GET /escalation_policies": {
    ...page,
    query: true,
    "user_ids[]": true,
    sort_by: byName,
    ...policyIncludes,
  },
  "GET /escalation_policies/:id": policyIncludes,
  "GET /services": { ...page, query: true, "team_ids[]": true, sort_by: byName, ...serviceIncludes },
  "GET /services/:id": serviceIncludes,
  "GET /teams": { ...page, query: true },
  "GET /change_events": { ...page, since: true, until: true },
  "GET /services/:id/change_events": { ...page, since: true, until: true },
  "GET /priorities": page,
  "GET /oncalls": {
    ...page,
    ...period,
    earliest: /^(true|false)$/,
    "escalation_policy_ids[]": true,
    "schedule_ids[]": true,
    "user_ids[]": true,
    ...including("escalation_policies", "schedules", "users"),
  },
  "GET /maintenance_windows": {
    ...page,
    "service_ids[]": true,
    filter: /^(past|future|ongoing|open|all)$/,
    ...including("services", "teams"),
  },
  "GET /maintenance_windows/:id": including("services", "teams"),
  "GET /webhook_subscriptions": page,
};

/** Throws 2001 for a parameter, or a value of it, that is not played. */
export function assertPlayed({ method, path }: Pick<Route, "method" | "path">, query: URLSearchParams): void {
  const known = played[`${method} ${path}`] ?? {};
  for (const [given, value] of query) {
    const rule = Object.hasOwn(known, given) ? known[given] : undefined;
    if (rule === undefined) throw refusals.invalid(`The parameter ${given} is not played here`);
    if (rule !== true && !rule.test(value)) throw refusals.invalid(`${given}=${value} is not played here`);
  }
}
