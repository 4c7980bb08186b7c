import { z } from "zod";

/** The maximum length of an id: at four bytes each, no bus carries more than 1,024 bytes. */
export const MAX_ID_LENGTH = 256;

/** Ids are opaque strings; some senders write numbers. */
const id = z.union([z.string().min(1).max(MAX_ID_LENGTH), z.number()]).transform(String);
const text = z.string().nullish();
const agent = z.object({ id: id.nullish(), type: text }).nullish();
const reference = z.object({ id: id.nullish() }).nullish();
const references = z.array(reference).nullish();
/** For optional data: a malformed value is read as missing. */
const aside = text.catch(null);
const time = z.iso
  .datetime({ offset: true, local: true })
  .transform((iso) => Date.parse(/(?:z|[+-]\d{2}:?\d{2})$/i.test(iso) ? iso : `${iso}Z`));

/** What every event has, including types that PagerDuty adds: their other content is not ours to judge. */
export const anyEventSchema = z.object({
  event: z.object({ id, event_type: z.string().min(1), agent: agent.catch(null) }),
});

/** The envelope of webhooks V3 (PagerDuty developer docs, Webhooks: overview). */
export const envelopeSchema = z.object({
  event: z.object({
    id,
    event_type: z.string().min(1),
    occurred_at: time,
    agent,
    data: z.record(z.string(), z.unknown()),
  }),
});

/** `data` of type `incident`: fields that older payloads omit may be missing. */
export const incidentSchema = z.object({
  id,
  type: z.literal("incident"),
  html_url: aside,
  number: z.union([z.number(), z.string()]).nullish().catch(null),
  status: aside,
  created_at: time.nullish().catch(null),
  title: text,
  service: z.object({ id, summary: aside }),
  assignees: references,
  escalation_policy: reference,
  teams: references.catch(null),
  priority: z.object({ summary: text, name: text }).nullish(),
  urgency: text,
  resolve_reason: z.object({ type: text, incident: z.object({ id }).nullish() }).nullish(),
});

/** `data` of every other type: it refers to its incident, a role assignment by way of its list. */
export const referringSchema = z
  .object({
    incident: z.object({ id }).nullish(),
    incident_role_assignments: z.array(z.object({ incident: z.object({ id }) })).nullish(),
    content: text,
  })
  .transform((data) => ({
    incident: data.incident?.id ?? data.incident_role_assignments?.[0]?.incident.id ?? null,
    content: data.content ?? "",
  }));

/** Path and rule of the first issue; never the value, which may be anybody's text. */
export function problemOf(error: z.ZodError, prefix: string): string {
  const issue = error.issues[0];
  return `expected a PagerDuty V3 webhook: ${prefix}${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`;
}
