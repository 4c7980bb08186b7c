import type { Actor, Details, PastIncident } from "@mrdata/incident";
import { z } from "zod";

const time = z.iso.datetime({ offset: true, local: true }).transform((text) =>
  // A time without an offset is UTC: the machine that reads the file must not matter.
  Date.parse(/(?:z|[+-]\d{2}:?\d{2})$/iu.test(text) ? text : `${text}Z`),
);
/** Empty cells of a table are not there. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? null : value), schema.nullish());
const closers: Readonly<Record<string, Actor>> = { integration: "integration", human: "human", bot: "bot" };

const row = z
  .looseObject({
    id: z.union([z.string().min(1), z.number().transform(String)]),
    service: z.string().min(1),
    title: z.string(),
    created_at: time,
    resolved_at: optional(time),
    // Whoever else is named is neither the monitor nor known to be a person.
    resolved_by: optional(z.string().transform((text): Actor => closers[text] ?? "automation")),
    acknowledged_at: optional(time),
    taken_over_at: optional(time),
    merged_into: optional(z.string()),
    urgency: optional(z.enum(["high", "low"])),
    details: z.record(z.string(), z.unknown()).nullish(),
  })
  .refine(({ created_at, resolved_at }) => !resolved_at || resolved_at >= created_at, {
    path: ["resolved_at"],
    message: "is before created_at",
  });

export type ReadRow =
  | { readonly incident: PastIncident }
  /** One line: the field and what is wrong with it. */
  | { readonly problem: string };

/** The columns of a history of our own format, with what they mean: for `--help`. */
export const historyColumns: Readonly<Record<string, string>> = {
  id: "the incident's id",
  service: "its service",
  title: "its title",
  created_at: "when it opened, ISO 8601; without an offset it is UTC",
  resolved_at: "when it was closed, empty while it is open",
  resolved_by: "integration, human, or anything else for whoever is neither",
  acknowledged_at: "when a person acknowledged it first",
  taken_over_at: "when a person first escalated or reassigned it",
  merged_into: "the incident that it was merged into",
  urgency: "high (also where it is empty) or low",
};

/** Reads one line of a history file: a JSON object with the columns above, and `details` or further columns. */
export function readPastIncident(line: string): ReadRow {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return { problem: "it is not JSON" };
  }
  return pastIncidentOf(parsed);
}

/** Reads one row, as JSON or a table tells it. Unknown columns are details. */
export function pastIncidentOf(value: unknown): ReadRow {
  const read = row.safeParse(value);
  if (!read.success) {
    const issue = read.error.issues[0];
    return { problem: `${issue?.path.join(".") || "row"}: ${issue?.message ?? "invalid"}` };
  }
  const { id, service, title, created_at, resolved_at, resolved_by, urgency, details, ...rest } = read.data;
  const { acknowledged_at, taken_over_at, merged_into, ...further } = rest;
  return {
    incident: {
      id,
      service,
      title,
      createdAt: created_at,
      resolvedAt: resolved_at ?? null,
      resolvedBy: resolved_at ? (resolved_by ?? "automation") : null,
      acknowledgedAt: acknowledged_at ?? null,
      takenOverAt: taken_over_at ?? null,
      mergedInto: resolved_at ? (merged_into ?? null) : null,
      urgency: urgency ?? "high",
      details: detailsOf({ ...further, ...details }),
    },
  };
}

/** Numbers and texts are kept, booleans are 0 or 1; nothing else tells anything. */
export function detailsOf(given: Readonly<Record<string, unknown>>): Details {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, number | string][] => {
      if (typeof value === "number" && Number.isFinite(value)) return [[name, value]];
      if (typeof value === "boolean") return [[name, value ? 1 : 0]];
      return typeof value === "string" && value !== "" ? [[name, value]] : [];
    }),
  );
}
