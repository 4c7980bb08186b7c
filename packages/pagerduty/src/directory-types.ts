import { z } from "zod";

const text = z.string().nullish();
const time = z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso));
const reference = z.object({ id: z.string(), type: text, summary: text });
/** Times are milliseconds since the epoch throughout. */
const named = reference.transform(({ id, summary }) => ({ id, name: summary ?? id }));

/** A PagerDuty object: its id and display name. */
export type Named = z.output<typeof named>;

const user = z
  .object({ id: z.string(), name: text, email: text, role: text })
  .transform(({ id, name, email, role }) => ({ id, name: name ?? id, email: email ?? "", role: role ?? "" }));
export type RestUser = z.output<typeof user>;
export const userAnswer = z.object({ user });

/** `email`, `phone`, `sms`, `push_notification` …: PagerDuty's type without its ending. */
const contactKind = (type: string | null | undefined): string =>
  (type ?? "unknown").replace(/_reference$/, "").replace(/_contact_method$/, "");

export const contactMethodsAnswer = z.object({
  contact_methods: z.array(
    z.object({ id: z.string(), type: text }).transform(({ id, type }) => ({ id, kind: contactKind(type) })),
  ),
});
export type RestContactMethod = z.output<typeof contactMethodsAnswer>["contact_methods"][number];

export const notificationRulesAnswer = z.object({
  notification_rules: z.array(
    z
      .object({ urgency: text, start_delay_in_minutes: z.number(), contact_method: reference })
      .transform(({ urgency, start_delay_in_minutes, contact_method }) => ({
        urgency: urgency ?? "",
        /** Milliseconds after the assignment. */
        delay: start_delay_in_minutes * 60_000,
        kind: contactKind(contact_method.type),
      })),
  ),
});
export type RestNotificationRule = z.output<typeof notificationRulesAnswer>["notification_rules"][number];

/** Users who may respond to incidents have a licence of the role group `FullUser` (API reference, Licenses). */
export const licenseAnswer = z.object({
  license: z
    .object({ id: z.string(), name: text, role_group: text })
    .transform(({ id, name, role_group }) => ({ id, name: name ?? id, roleGroup: role_group ?? null })),
});
export type RestLicense = z.output<typeof licenseAnswer>["license"];

/** Milliseconds; null where it is off. A timeout of 0 stands for the recommended one (API reference, Services). */
const autoPause = z
  .object({
    enabled: z.boolean().nullish(),
    timeout: z.number().nullish(),
    recommended_timeout: z.number().nullish(),
  })
  .transform(({ enabled, timeout, recommended_timeout }) =>
    enabled ? (timeout || recommended_timeout || 0) * 1000 : null,
  );

const urgencyRule = z.object({ type: text, urgency: text }).nullish();
const service = z
  .object({
    id: z.string(),
    name: text,
    status: text,
    escalation_policy: reference.nullish(),
    incident_urgency_rule: urgencyRule,
    support_hours: z.unknown(),
    scheduled_actions: z.array(z.unknown()).nullish(),
    auto_pause_notifications_parameters: autoPause.nullish(),
    auto_resolve_timeout: z.number().nullish(),
    integrations: z.array(reference).nullish(),
    teams: z.array(reference).nullish(),
  })
  .transform((one) => ({
    id: one.id,
    name: one.name ?? one.id,
    teams: (one.teams ?? []).map(({ id }) => id),
    /** `disabled` opens no incidents; neither does `maintenance`, temporarily. */
    status: one.status ?? "",
    policyId: one.escalation_policy?.id ?? null,
    urgencyRule: {
      type: one.incident_urgency_rule?.type ?? "constant",
      urgency: one.incident_urgency_rule?.urgency ?? null,
    },
    supportHours: one.support_hours !== null && one.support_hours !== undefined,
    scheduledActions: one.scheduled_actions?.length ?? 0,
    /**
     * How long a transient alert is paused before it becomes an incident, milliseconds; null where auto-pause is off.
     */
    autoPause: one.auto_pause_notifications_parameters ?? null,
    /** Milliseconds after which PagerDuty closes what is still open; null where it does not. */
    autoResolveMs: one.auto_resolve_timeout ? one.auto_resolve_timeout * 1000 : null,
    integrations: (one.integrations ?? []).map(({ id, type, summary }) => ({
      id,
      type: type ?? "",
      name: summary ?? "",
    })),
  }));
export type RestService = z.output<typeof service>;
export const serviceAnswer = z.object({ service });
export const servicesAnswer = z
  .object({ services: z.array(service), more: z.boolean().nullish() })
  .transform(({ services: list, more }) => ({ list, more: more ?? false }));

const onCall = z
  .object({
    user: reference.nullish(),
    schedule: reference.nullish(),
    escalation_policy: reference,
    escalation_level: z.number(),
    start: time.nullish(),
    end: time.nullish(),
  })
  .transform((one) => ({
    user: one.user?.id ?? null,
    /** A schedule of either kind; null for a user targeted by name. */
    schedule: one.schedule ? { id: one.schedule.id, name: one.schedule.summary ?? one.schedule.id } : null,
    policy: one.escalation_policy.id,
    level: one.escalation_level,
    /** Null: always. */
    start: one.start ?? null,
    end: one.end ?? null,
  }));
export type RestOnCall = z.output<typeof onCall>;
export const onCallsAnswer = z
  .object({ oncalls: z.array(onCall), more: z.boolean().nullish() })
  .transform(({ oncalls: list, more }) => ({ list, more: more ?? false }));

/** Every `suspend` among the actions of an orchestration's rules, seconds, at any depth. */
function suspensionsIn(value: unknown): readonly number[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === "suspend" && typeof inner === "number" ? [inner] : suspensionsIn(inner),
  );
}

/** The longest suspension of a new alert by the rules of an event orchestration, milliseconds; null if none suspends. */
export const orchestrationAnswer = z.object({ orchestration_path: z.unknown() }).transform((answer) => {
  const longest = Math.max(0, ...suspensionsIn(answer.orchestration_path));
  return longest === 0 ? null : longest * 1000;
});
export const orchestrationsAnswer = z
  .object({ orchestrations: z.array(z.object({ id: z.string() })), more: z.boolean().nullish() })
  .transform(({ orchestrations: list, more }) => ({ list, more: more ?? false }));

export const abilitiesAnswer = z.object({ abilities: z.array(z.string()) });
