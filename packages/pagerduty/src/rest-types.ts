import { z } from "zod";

const reference = z.object({ id: z.string(), type: z.string().nullish() });

const restIncident = z
  .object({
    id: z.string(),
    title: z.string().nullish(),
    status: z.string(),
    urgency: z.string(),
    created_at: z.iso.datetime({ offset: true }).nullish(),
    service: reference.nullish(),
    escalation_policy: reference.nullish(),
    assignments: z.array(z.object({ assignee: reference })).nullish(),
    assigned_via: z.string().nullish(),
  })
  .transform((incident) => ({
    id: incident.id,
    title: incident.title ?? "",
    status: incident.status,
    urgency: incident.urgency,
    createdAt: incident.created_at ? Date.parse(incident.created_at) : null,
    serviceId: incident.service?.id ?? null,
    escalationPolicyId: incident.escalation_policy?.id ?? null,
    assignees: (incident.assignments ?? []).map(({ assignee }) => assignee.id),
    assignedVia: incident.assigned_via ?? null,
  }));

/** PagerDuty's incident as the REST API tells it (API reference, GET /incidents/{id}); only what we use. */
export type RestIncident = z.output<typeof restIncident>;

const policy = z.object({
  id: z.string(),
  name: z.string().nullish(),
  num_loops: z.number().nullish(),
  escalation_rules: z.array(
    z.object({ escalation_delay_in_minutes: z.number(), targets: z.array(reference) }),
  ),
});

const policyOf = policy.transform(({ id, name, num_loops, escalation_rules }) => ({
  id,
  name: name ?? "",
  repeats: num_loops ?? 0,
  levels: escalation_rules.map((rule) => ({
    timeout: rule.escalation_delay_in_minutes * 60_000,
    targets: rule.targets.map((target) => target.id),
  })),
}));

/** An escalation policy: its levels from level 1, each with its timeout in milliseconds and its targets' ids. */
export type RestPolicy = z.output<typeof policyOf>;

export const incidentAnswer = z.object({ incident: restIncident });
export const incidentsAnswer = z.object({ incidents: z.array(restIncident), more: z.boolean().nullish() });
export const policyAnswer = z.object({ escalation_policy: policyOf });
export const notesAnswer = z.object({
  notes: z.array(z.object({ id: z.string().nullish(), content: z.string(), user: reference.nullish() })),
});
const details = z.record(z.string(), z.unknown());

/**
 * The details that a monitor sent with an alert: an object or a text (API reference, GET /incidents/{id}/alerts); as
 * PD-CEF has them where the alert has none of its own.
 */
export const alertsAnswer = z.object({
  alerts: z.array(
    z
      .object({
        body: z
          .object({
            details: z.unknown(),
            cef_details: z.object({ details: z.unknown() }).nullish(),
          })
          .partial()
          .nullish(),
      })
      .transform(({ body }) => {
        const own = details.safeParse(body?.details);
        const cef = details.safeParse(body?.cef_details?.details);
        return own.success ? own.data : cef.success ? cef.data : {};
      }),
  ),
});
export type RestNote = z.output<typeof notesAnswer>["notes"][number];
