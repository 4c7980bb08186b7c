import type { Actor } from "@mrdata/incident";
import { z } from "zod";
import { actorOf } from "../actor.ts";
import { idField, optionalTime, problemIn, textField, timeField, urgencyField } from "./fields.ts";
import { isTimeout, type ParsedRow, type ParseOptions } from "./parsed-row.ts";

/** Tables have an empty cell or a word where the API has an object or null. */
const objectOrNothing = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === "object" ? value : null), schema.nullish());
const agent = objectOrNothing(z.object({ id: z.string().nullish(), type: z.string().nullish() }));
const service = z.union([
  z.object({ id: idField, summary: textField }),
  idField.transform((name) => ({ id: name, summary: undefined })),
]);

/**
 * Reads incidents as the REST API lists them (GET /incidents). `last_status_change_by` is who closed one: a person, or
 * the service, which stands for both the monitor and PagerDuty's own timer. Log entries distinguish those.
 */
export function incidentRowReader({ identity, time, autoResolveAfter }: ParseOptions) {
  const schema = z
    .object({
      id: idField,
      title: textField,
      summary: textField,
      created_at: timeField(time),
      status: z.preprocess(
        (value) => (typeof value === "string" ? value.trim().toLowerCase() : value),
        z.enum(["triggered", "acknowledged", "resolved"]),
      ),
      service,
      urgency: urgencyField,
      resolved_at: optionalTime(time),
      last_status_change_at: optionalTime(time),
      last_status_change_by: agent,
      acknowledgements: objectOrNothing(z.array(z.object({ at: timeField(time), acknowledger: agent }))),
      resolve_reason: objectOrNothing(
        z.object({ type: z.string(), incident: z.object({ id: z.string() }).nullish() }),
      ),
    })
    .refine(({ created_at, resolved_at }) => !resolved_at || resolved_at >= created_at, {
      path: ["resolved_at"],
      message: "is before created_at",
    });

  return (value: Readonly<Record<string, unknown>>): ParsedRow => {
    const read = schema.safeParse(value);
    if (!read.success) return { problem: problemIn(read.error) };
    const row = read.data;
    const resolvedAt =
      row.status === "resolved" ? (row.resolved_at ?? row.last_status_change_at ?? row.created_at) : null;
    const merged =
      row.resolve_reason?.type === "merge_resolve_reason" ? (row.resolve_reason.incident?.id ?? "") : null;
    const byPerson = (row.acknowledgements ?? []).filter(
      ({ acknowledger }) => actorOf(acknowledger, identity) === "human",
    );
    const closer = (age: number): Actor => {
      const { type } = row.last_status_change_by ?? {};
      const actor = actorOf(row.last_status_change_by, identity);
      if (actor !== "automation" || type !== "service_reference") return actor;
      return isTimeout(age, autoResolveAfter) ? "automation" : "integration";
    };
    return {
      incident: {
        id: row.id,
        service: row.service.id,
        ...(row.service.summary ? { serviceName: row.service.summary } : {}),
        title: row.title ?? withoutNumber(row.summary ?? ""),
        createdAt: row.created_at,
        resolvedAt,
        resolvedBy: resolvedAt === null ? null : closer(resolvedAt - row.created_at),
        acknowledgedAt: byPerson.length === 0 ? null : Math.min(...byPerson.map(({ at }) => at)),
        takenOverAt: null,
        mergedInto: resolvedAt === null ? null : merged,
        urgency: row.urgency ?? "high",
        details: {},
      },
    };
  };
}

/** A summary is the title prefixed with the number: `[#1234] The server is on fire.` */
export const withoutNumber = (summary: string): string => summary.replace(/^\[#\d+\]\s*/u, "");
