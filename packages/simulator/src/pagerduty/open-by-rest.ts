import { z } from "zod";
import { refusals } from "./errors.ts";
import type { By, Incident } from "./incident.ts";
import { readBody } from "./read-body.ts";
import { trigger } from "./trigger.ts";
import { incidentOf, type World } from "./world.ts";

const reference = z.object({ id: z.string() });

/** The fields that are played; PagerDuty also knows `incident_type` and `conference_bridge`. */
const newIncident = z.strictObject({
  incident: z.strictObject({
    type: z.string().optional(),
    title: z.string().min(1),
    service: reference,
    incident_key: z.string().min(1).max(255).optional(),
    urgency: z.enum(["high", "low"]).optional(),
    priority: reference.nullish(),
    body: z.strictObject({ type: z.string().optional(), details: z.string().optional() }).nullish(),
    assignments: z.array(z.strictObject({ assignee: reference, at: z.string().optional() })).optional(),
    escalation_policy: reference.optional(),
  }),
});

/**
 * POST /incidents. It is assigned to those who are named, or to who is on call by the policy that is, else by the
 * service's. Throws 2001 for what PagerDuty does not take or what is not played, 1015 where nobody is on call.
 */
export function openByRest(world: World, body: unknown, by: By): Incident {
  const { directory, ids } = world;
  const asked = readBody(newIncident, body).incident;
  const { title, service, urgency } = asked;
  const assignees = asked.assignments?.map(({ assignee }) => assignee.id);
  const policyId = asked.escalation_policy?.id;
  const priority = asked.priority?.id;
  if (assignees !== undefined && policyId !== undefined)
    throw refusals.invalid("Assignments cannot go with an escalation policy");
  if (assignees?.length === 0) throw refusals.invalid("Assignments may not be empty");
  for (const user of assignees ?? [])
    if (!directory.users.has(user)) throw refusals.invalid(`Assignee ${user} not found`);
  if (policyId !== undefined && !directory.policies.has(policyId))
    throw refusals.invalid(`Escalation policy ${policyId} not found`);
  if (priority !== undefined && !directory.priorities.has(priority))
    throw refusals.invalid(`Priority ${priority} not found`);
  const key = asked.incident_key ?? ids.uuid();
  const opened = trigger(world, { serviceId: service.id, dedupKey: key, title }, by, {
    key,
    body: asked.body?.details,
    urgency,
    priority,
    policyId,
    assignees,
  });
  if (opened.result === "duplicate")
    throw refusals.invalid("Open incident with matching dedup key already exists on this service");
  if (opened.result === "nobody-on-call") throw refusals.nobodyOnCall();
  if (opened.incident === null) throw refusals.invalid("The service is in maintenance");
  return incidentOf(world, opened.incident);
}
