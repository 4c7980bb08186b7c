import { actors } from "@mrdata/incident";
import { z } from "zod";
import type { PastIncident } from "./past-incident.ts";

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const row = z
  .object({
    id: z.union([z.string().min(1), z.number().transform(String)]),
    service: z.string().min(1),
    title: z.string(),
    created_at: time,
    resolved_at: time.nullish(),
    resolved_by: z.enum([...actors]).nullish(),
    urgency: z.enum(["high", "low"]).default("high"),
    details: z.record(z.string(), z.unknown()).default({}),
  })
  .refine(({ created_at, resolved_at }) => !resolved_at || resolved_at >= created_at, {
    path: ["resolved_at"],
    message: "is before created_at",
  });

export type ReadRow =
  | { readonly incident: PastIncident }
  /** One line: the field and what is wrong with it. */
  | { readonly problem: string };

/** Reads one line of a history file: a JSON object with id, service, title, created_at, resolved_at, resolved_by, urgency, details. */
export function readPastIncident(line: string): ReadRow {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return { problem: "it is not JSON" };
  }
  const read = row.safeParse(parsed);
  if (!read.success) {
    const issue = read.error.issues[0];
    return { problem: `${issue?.path.join(".") || "row"}: ${issue?.message ?? "invalid"}` };
  }
  const { id, service, title, created_at, resolved_at, resolved_by, urgency, details } = read.data;
  const known = Object.entries(details).flatMap(([name, value]): [string, number | string][] => {
    if (typeof value === "number" && Number.isFinite(value)) return [[name, value]];
    if (typeof value === "boolean") return [[name, value ? 1 : 0]];
    return typeof value === "string" && value !== "" ? [[name, value]] : [];
  });
  return {
    incident: {
      id,
      service,
      title,
      createdAt: created_at,
      resolvedAt: resolved_at ?? null,
      resolvedBy: resolved_at ? (resolved_by ?? "automation") : null,
      urgency,
      details: Object.fromEntries(known),
    },
  };
}
