import { refusals } from "./errors.ts";
import { incidentShape, logEntryShape } from "./incident-shapes.ts";
import { serviceStatus } from "./service-status.ts";
import {
  contactMethods,
  integrationsOf,
  notificationRules,
  policyShape,
  scheduleReference,
  serviceShape,
  teamShape,
  userShape,
} from "./shapes.ts";
import { incidentOf, type World } from "./world.ts";

/** Under which names of an answer the references stand that an `include[]` writes out in full. */
const keysOf: Readonly<Record<string, readonly string[]>> = {
  acknowledgers: ["acknowledger"],
  agents: ["agent", "last_status_change_by"],
  assignees: ["assignee"],
  contact_methods: ["contact_methods"],
  escalation_policies: ["escalation_policy"],
  first_trigger_log_entries: ["first_trigger_log_entry"],
  incidents: ["incident"],
  integrations: ["integrations"],
  notification_rules: ["notification_rules"],
  schedules: ["schedule"],
  services: ["service", "services"],
  targets: ["targets"],
  teams: ["teams"],
  users: ["user", "assignee", "acknowledger"],
};

type Reference = { readonly id: string; readonly type: string };

const isReference = (value: unknown): value is Reference =>
  typeof value === "object" &&
  value !== null &&
  "id" in value &&
  typeof value.id === "string" &&
  "type" in value &&
  typeof value.type === "string" &&
  value.type.endsWith("_reference");

/** The resource that a reference stands for, whole; the reference itself where it is not there any more. */
function wholeOf(world: World, reference: Reference, owner: string): unknown {
  const { directory } = world;
  const { id, type } = reference;
  const user = directory.users.get(type === "user_reference" ? id : owner);
  if (type === "user_reference") return user === undefined ? reference : userShape(user);
  if (type === "service_reference")
    return serviceShape(directory, directory.service(id), serviceStatus(world, id));
  if (type === "escalation_policy_reference") {
    const policy = directory.policies.get(id);
    return policy === undefined ? reference : policyShape(directory, policy);
  }
  if (type === "schedule_reference" || type === "schedule_v3_reference") {
    const { name, timeZone = "Etc/UTC" } = directory.schedule(id);
    const whole = scheduleReference(directory, id);
    return { ...whole, type: whole.type.replace(/_reference$/, ""), name, time_zone: timeZone };
  }
  if (type === "team_reference") return teamShape(directory, id);
  if (type === "incident_reference") return incidentShape(world, incidentOf(world, id));
  if (type === "trigger_log_entry_reference") {
    const found = logEntryOf(world, id);
    return logEntryShape(world, found.incident, found.entry);
  }
  if (type.endsWith("inbound_integration_reference"))
    return integrationsOf(directory.service(owner)).find((one) => one.id === id) ?? reference;
  const own = user === undefined ? [] : [...contactMethods(user), ...notificationRules(user)];
  return own.find((one) => one.id === id) ?? reference;
}

/** Throws 404. */
export function logEntryOf({ incidents }: Pick<World, "incidents">, id: string) {
  for (const incident of incidents.values()) {
    const entry = incident.log.find((one) => one.id === id);
    if (entry !== undefined) return { incident, entry };
  }
  throw refusals.notFound();
}

/** The answer with what the query's `include[]` asks for in place of references, one level deep. */
export function withIncluded(world: World, body: unknown, query: URLSearchParams): unknown {
  const names = query.getAll("include[]");
  if (names.length === 0) return body;
  const keys = new Set(names.flatMap((name) => keysOf[name] ?? []));
  const hasBody = names.includes("body");
  const walk = (value: unknown, owner: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => walk(one, owner));
    if (typeof value !== "object" || value === null) return value;
    const id = "id" in value && typeof value.id === "string" ? value.id : owner;
    const whole = Object.entries(value).map(([key, inner]): [string, unknown] => {
      if (!keys.has(key)) return [key, walk(inner, id)];
      const expand = (one: unknown) => (isReference(one) ? wholeOf(world, one, id) : walk(one, id));
      return [key, Array.isArray(inner) ? inner.map(expand) : expand(inner)];
    });
    if (hasBody && "type" in value && value.type === "incident")
      whole.push(["body", { type: "incident_body", details: incidentOf(world, id).body }]);
    return Object.fromEntries(whole);
  };
  return walk(body, "");
}
