import type { Actor } from "@mrdata/incident";
import { z } from "zod";
import { actorOf, type Identity } from "../actor.ts";
import {
  countField,
  flagField,
  idField,
  nameField,
  optionalTime,
  problemIn,
  secondsField,
  textField,
  timeField,
  urgencyField,
} from "./fields.ts";
import { isTimeout, type ParsedRow, type ParseOptions } from "./parsed-row.ts";

/**
 * Column names of the incident CSV and of Insights' Incident Activity (knowledge base, "Insights": its headings) that
 * differ from the analytics API's, or have spaces.
 */
const otherNames: Readonly<Record<string, string>> = {
  incident_id: "id",
  number: "incident_number",
  resolved_by: "resolved_by_user_name",
  resolved_by_user: "resolved_by_user_name",
  ttr: "seconds_to_resolve",
  tta: "seconds_to_first_ack",
  sec_to_resolve: "seconds_to_resolve",
  sec_to_1st_ack: "seconds_to_first_ack",
  manual_escalations: "manual_escalation_count",
  reassignments: "reassignment_count",
  title: "description",
  created_on: "created_at",
  created: "created_at",
  resolved_on: "resolved_at",
  resolved: "resolved_at",
  service: "service_name",
  time_to_resolve: "seconds_to_resolve",
  time_to_resolution: "seconds_to_resolve",
  time_to_acknowledge: "seconds_to_first_ack",
  time_to_first_ack: "seconds_to_first_ack",
  auto_resolve: "auto_resolved",
  manual_escalation: "manual_escalation_count",
  manually_escalated: "manual_escalation_count",
  acknowledge_count: "acknowledgement_count",
  time_to_resolve_seconds: "seconds_to_resolve",
  time_to_first_ack_seconds: "seconds_to_first_ack",
};

/** The analytics API's names for the columns of a row: lower case, underscores. */
export const analyticsNames = (row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const plain = name
        .toLowerCase()
        .replace(/[^a-z0-9]+/gu, "_")
        .replace(/^_+|_+$/gu, "")
        .replace(/^incident_(?=title|description|created|resolved|urgency)/u, "");
      return [otherNames[plain] ?? plain, value];
    }),
  );

/**
 * Reads rows of PagerDuty's analytics (POST /analytics/raw/incidents) and of the incident CSV, which has the same
 * columns. None of their figures (interruptions, seconds to resolve, escalations) is known when an incident opens, so
 * none becomes a detail.
 */
export function analyticsRowReader({ identity, time, autoResolveAfter }: ParseOptions) {
  const schema = z
    .object({
      id: idField.nullish(),
      incident_number: textField,
      description: textField,
      service_id: nameField,
      service_name: nameField,
      created_at: timeField(time),
      resolved_at: optionalTime(time),
      urgency: urgencyField,
      auto_resolved: flagField,
      resolved_by_user_id: nameField,
      resolved_by_user_name: nameField,
      seconds_to_resolve: secondsField,
      seconds_to_first_ack: secondsField,
      manual_escalation_count: countField,
      reassignment_count: countField,
    })
    .refine(({ id, incident_number }) => (id ?? incident_number ?? "") !== "", {
      path: ["id"],
      message: "is missing",
    })
    .refine(({ service_id, service_name }) => (service_id ?? service_name ?? "") !== "", {
      path: ["service_id"],
      message: "is missing",
    })
    .refine(({ created_at, resolved_at }) => !resolved_at || resolved_at >= created_at, {
      path: ["resolved_at"],
      message: "is before created_at",
    });

  return (value: Readonly<Record<string, unknown>>): ParsedRow => {
    const read = schema.safeParse(analyticsNames(value));
    if (!read.success) return { problem: problemIn(read.error) };
    const row = read.data;
    const createdAt = row.created_at;
    const resolvedAt =
      row.resolved_at ?? (row.seconds_to_resolve == null ? null : createdAt + row.seconds_to_resolve * 1000);
    const byHand = (row.manual_escalation_count ?? 0) + (row.reassignment_count ?? 0) > 0;
    return {
      ...(row.seconds_to_resolve == null || row.resolved_at == null
        ? {}
        : { lastedMs: row.seconds_to_resolve * 1000 }),
      incident: {
        id: row.id ?? `number-${row.incident_number}`,
        service: row.service_id ?? row.service_name ?? "",
        ...(row.service_name ? { serviceName: row.service_name } : {}),
        title: row.description ?? "",
        createdAt,
        resolvedAt,
        resolvedBy:
          resolvedAt === null ? null : closerOf(row, resolvedAt - createdAt, identity, autoResolveAfter),
        acknowledgedAt: row.seconds_to_first_ack == null ? null : createdAt + row.seconds_to_first_ack * 1000,
        // The row says that a person escalated it, but not when: before it closed, and no later than that became known.
        takenOverAt: byHand ? resolvedAt : null,
        mergedInto: null,
        urgency: row.urgency ?? "high",
        details: {},
      },
    };
  };
}

/** Placeholders where no person resolved it; `integration` is our own word for a monitor, and no person's name. */
const itself = /^\s*(?:auto(?:matically)?[- ]?resolved|integration)\s*$/iu;

type Closing = {
  readonly auto_resolved?: boolean | null | undefined;
  readonly resolved_by_user_id?: string | null | undefined;
  readonly resolved_by_user_name?: string | null | undefined;
};

/**
 * `auto_resolved` means "either via an integration or auto-resolved in PagerDuty": at the timer's age it is taken for
 * the timer. Where neither it nor a person is given, the closer is unknown.
 */
function closerOf(
  { auto_resolved, resolved_by_user_id, resolved_by_user_name }: Closing,
  age: number,
  identity: Identity,
  autoResolveAfter: number | null,
): Actor {
  if (resolved_by_user_id) return actorOf({ id: resolved_by_user_id, type: "user_reference" }, identity);
  const isByItself = itself.test(resolved_by_user_name ?? "");
  if (resolved_by_user_name && !isByItself) return "human";
  if (!(auto_resolved ?? isByItself)) return "automation";
  return isTimeout(age, autoResolveAfter) ? "automation" : "integration";
}
