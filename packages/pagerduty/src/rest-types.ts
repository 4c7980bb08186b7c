import { z } from "zod";

/** The REST API's timestamps are whole seconds; its webhooks' have milliseconds. */
export const REST_TIME_RESOLUTION_MS = 1_000;

const reference = z.object({ id: z.string(), type: z.string().nullish() });

const latestOf = (list: readonly { readonly at?: string | null | undefined }[]): number | null =>
  list.reduce<number | null>((last, { at }) => (at ? Math.max(last ?? 0, Date.parse(at)) : last), null);

const restIncident = z
  .object({
    id: z.string(),
    title: z.string().nullish(),
    status: z.string(),
    urgency: z.string(),
    created_at: z.iso.datetime({ offset: true }).nullish(),
    last_status_change_at: z.iso.datetime({ offset: true }).nullish().catch(null),
    service: reference.nullish(),
    escalation_policy: reference.nullish(),
    // A user deleted since is null.
    assignments: z
      .array(
        z.object({
          at: z.iso.datetime({ offset: true }).nullish().catch(null),
          assignee: reference.nullish(),
        }),
      )
      .nullish(),
    assigned_via: z.string().nullish(),
    acknowledgements: z
      .array(
        z.object({
          at: z.iso.datetime({ offset: true }).nullish().catch(null),
          acknowledger: reference.nullish(),
        }),
      )
      .nullish()
      .catch(null),
  })
  .transform((incident) => ({
    id: incident.id,
    title: incident.title ?? "",
    status: incident.status,
    urgency: incident.urgency,
    createdAt: incident.created_at ? Date.parse(incident.created_at) : null,
    /** When its status last changed, by PagerDuty's clock; null where not given. */
    statusChangedAt: incident.last_status_change_at ? Date.parse(incident.last_status_change_at) : null,
    serviceId: incident.service?.id ?? null,
    escalationPolicyId: incident.escalation_policy?.id ?? null,
    assignees: (incident.assignments ?? []).map(({ assignee }) => assignee?.id ?? ""),
    assignedVia: incident.assigned_via ?? null,
    /** The users who have acknowledged it, while it is acknowledged. */
    acknowledgedBy: (incident.acknowledgements ?? []).flatMap(({ acknowledger }) =>
      acknowledger?.type?.startsWith("user") ? [acknowledger.id] : [],
    ),
    /** The time of the last acknowledgement; null where it is not acknowledged, or the time is not given. */
    acknowledgedAt: latestOf(incident.acknowledgements ?? []),
    /** The time of the last current assignment, by PagerDuty's clock; null where not given. */
    assignedAt: latestOf(incident.assignments ?? []),
  }));

/** An incident in the REST API (API reference, GET /incidents/{id}); only the fields that we use. */
export type RestIncident = z.output<typeof restIncident>;

const policy = z.object({
  id: z.string(),
  name: z.string().nullish(),
  num_loops: z.number().nullish(),
  escalation_rules: z.array(
    z.object({ escalation_delay_in_minutes: z.number(), targets: z.array(reference) }),
  ),
  services: z.array(z.object({ id: z.string(), summary: z.string().nullish() })).nullish(),
});

const isSchedule = ({ type }: z.output<typeof reference>) => type?.startsWith("schedule") ?? false;

const policyOf = policy.transform(({ id, name, num_loops, escalation_rules, services }) => ({
  id,
  name: name ?? "",
  repeats: num_loops ?? 0,
  levels: escalation_rules.map(({ escalation_delay_in_minutes, targets }) => ({
    timeout: escalation_delay_in_minutes * 60_000,
    targets: targets.map((target) => target.id),
    users: targets.filter((target) => !isSchedule(target)).map((target) => target.id),
    schedules: targets.filter(isSchedule).map((target) => target.id),
  })),
  /** The services that use it. */
  services: (services ?? []).map((service) => ({ id: service.id, name: service.summary ?? service.id })),
}));

/**
 * An escalation policy: its levels from level 1, each with its timeout in milliseconds and the ids of its targets,
 * users and schedules.
 */
export type RestPolicy = z.output<typeof policyOf>;

export const incidentAnswer = z.object({ incident: restIncident });
/** An unreadable incident is null: one malformed item must not hide the others. */
export const incidentsAnswer = z
  .object({ incidents: z.array(restIncident.nullable().catch(null)), more: z.boolean().nullish() })
  .transform(({ incidents: list, more }) => ({ list, more: more ?? false }));
export const policyAnswer = z.object({ escalation_policy: policyOf });
export const policiesAnswer = z
  .object({ escalation_policies: z.array(policyOf), more: z.boolean().nullish() })
  .transform(({ escalation_policies: list, more }) => ({ list, more: more ?? false }));
/** An entry of an incident's log, newest first (API reference, Log entries). */
const logEntry = z
  .object({
    type: z.string(),
    created_at: z.iso.datetime({ offset: true }),
    agent: reference.nullish(),
    user: reference.nullish(),
    channel: z.object({ type: z.string().nullish() }).nullish(),
  })
  .transform(({ type, created_at, agent, user, channel }) => ({
    /** `notify`, `assign`, `escalate` …: PagerDuty's type without its suffix. */
    type: type.replace(/_reference$/, "").replace(/_log_entry$/, ""),
    at: Date.parse(created_at),
    agent: agent?.id ?? null,
    /** PagerDuty's timers have the service as their agent. */
    isByUser: agent?.type?.startsWith("user") ?? false,
    /** The recipient of a notification. */
    user: user?.id ?? null,
    channel: channel?.type ?? null,
  }));
export type RestLogEntry = z.output<typeof logEntry>;
export const logEntriesAnswer = z
  .object({ log_entries: z.array(logEntry), more: z.boolean().nullish() })
  .transform(({ log_entries: list, more }) => ({ list, more: more ?? false }));

const note = z.object({
  id: z.string().nullish(),
  content: z.string(),
  user: reference.nullish(),
  /** ISO 8601, whole seconds; null where not given. */
  created_at: z.iso.datetime({ offset: true }).nullish().catch(null),
});
export type RestNote = z.output<typeof note>;
/** Unreadable notes are skipped: one malformed note must not hide what a person wrote besides it. */
export const notesAnswer = z
  .object({ notes: z.array(note.nullable().catch(null)) })
  .transform(({ notes }) => ({ notes: notes.filter((one) => one !== null) }));

const details = z.record(z.string(), z.unknown());

/** The value of a property of something that may have any shape. */
const within = (value: unknown, name: string): unknown => {
  const read = details.safeParse(value);
  return read.success ? read.data[name] : undefined;
};

/**
 * The details that a monitor sent with an alert: an object or a text (API reference, GET /incidents/{id}/alerts); in
 * PD-CEF form where the alert has none of its own. A monitor may send any shape: an alert of an unexpected one has no
 * details, without affecting the others.
 */
export const alertsAnswer = z.object({
  alerts: z.array(
    z.unknown().transform((alert) => {
      const body = within(alert, "body");
      const own = details.safeParse(within(body, "details"));
      const cef = details.safeParse(within(within(body, "cef_details"), "details"));
      return own.success ? own.data : cef.success ? cef.data : {};
    }),
  ),
});
