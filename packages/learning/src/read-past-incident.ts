import {
  type Actor,
  type Details,
  keepableName,
  keepableText,
  notATime,
  type PastIncident,
  timeReader,
  withoutNothing,
} from "@mrdata/incident";
import { z } from "zod";
import { isKnownAfterwards } from "./known-afterwards.ts";

/** Placeholders in a table's cells count as missing. */
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(withoutNothing, schema.nullish());
const closers: Readonly<Record<string, Actor>> = { integration: "integration", human: "human", bot: "bot" };
const MAX_NAME_LENGTH = 200;

/** Beyond 2^53 adjacent integers are read as one, which would merge two incidents. */
const isExact = (id: number): boolean => Number.isSafeInteger(id) || !Number.isInteger(id);

const rowSchema = (readTime: (text: string) => number | null) => {
  const written = z.union([z.string(), z.number().transform(String)], { error: "is missing" });
  const time = written.transform((text, context): number => {
    const at = readTime(text);
    if (at !== null) return at;
    context.addIssue(notATime(text));
    return z.NEVER;
  });
  const timeOrNone = optional(time);
  const name = z
    .string()
    .min(1, "is empty")
    .max(MAX_NAME_LENGTH, `is longer than ${MAX_NAME_LENGTH} characters`);
  const number = z.number().refine(isExact, "is too large to be read exactly: write it as a text");
  const nameOrNumber = z.union([z.string(), number]).transform(String);
  return z
    .looseObject({
      // It becomes part of a document path.
      id: nameOrNumber.pipe(
        name.refine((id) => id !== "." && id !== ".." && !/^__.*__$/.test(id), "cannot be an id"),
      ),
      service: nameOrNumber.pipe(name),
      service_name: optional(z.string()),
      title: z.string(),
      created_at: time,
      resolved_at: timeOrNone,
      // Any other name is neither the monitor nor known to be a person.
      resolved_by: optional(
        z.string().transform((text): Actor => closers[text.trim().toLowerCase()] ?? "automation"),
      ),
      acknowledged_at: timeOrNone,
      taken_over_at: timeOrNone,
      merged_into: optional(z.string()),
      urgency: optional(
        z.preprocess(
          (value) => (typeof value === "string" ? value.trim().toLowerCase() : value),
          z.enum(["high", "low"]),
        ),
      ),
      // Another table may use the column for something else: it is then ignored.
      feedback: z.unknown().optional(),
      feedback_at: timeOrNone,
      maintenance: optional(z.array(z.object({ start: time, end: time }))).catch(null),
      details: optional(z.record(z.string(), z.unknown())),
    })
    .refine(({ created_at, resolved_at }) => !resolved_at || resolved_at >= created_at, {
      path: ["resolved_at"],
      message: "is before created_at",
    });
};

export type ReadRow =
  | { readonly incident: PastIncident }
  /** One line: the field and what is wrong with it. */
  | { readonly problem: string };

/** The columns of our own history format with their meaning, for `--help`. */
export const historyColumns: Readonly<Record<string, string>> = {
  id: "the incident's id",
  service: "its service",
  service_name: "the service's name for people, where service is an id",
  title: "its title",
  created_at: "when it opened: ISO 8601, or as people write it; without an offset in --time-zone",
  resolved_at: "when it was closed, empty while it is open",
  resolved_by: "integration, human (in any case), or anything else for whoever is neither",
  acknowledged_at: "when a person acknowledged it first",
  taken_over_at: "when a person first escalated or reassigned it",
  merged_into: "the incident that it was merged into",
  urgency: "high (also where it is empty) or low",
  feedback: "what a person called it afterwards: noise or real; it beats how it ended",
  feedback_at: "when; else it counts from the closing on",
};

const MAX_KNOWN = 20_000;

export type OwnRowOptions = {
  /** Parses a time; null for anything else. */
  readonly time?: (text: string) => number | null;
  /** True for a column that is a detail whatever its name suggests. */
  readonly keeps?: (name: string) => boolean;
  /** Called for a column whose name says that it is only known afterwards: it is no detail. */
  readonly onLeftOut?: (name: string) => void;
};

/**
 * Reads rows of our own format, from JSON or a table. Unknown columns are details, except those that describe how an
 * incident went on: these are not known when it opens, neither as a column nor inside `details`.
 */
export function pastIncidentReader({
  time = timeReader(),
  keeps = () => false,
  onLeftOut = () => {},
}: OwnRowOptions = {}): (value: unknown) => ReadRow {
  const schema = rowSchema(time);
  // The same names recur with every row.
  const known = new Map<string, boolean>();
  const isDetail = (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const afterwards = isKnownAfterwards(name) && !keeps(name);
    if (afterwards) onLeftOut(name);
    if (known.size < MAX_KNOWN) known.set(name, !afterwards);
    return !afterwards;
  };
  return (value) => readRow(schema, value, isDetail);
}

function readRow(
  schema: ReturnType<typeof rowSchema>,
  value: unknown,
  isDetail: (name: string) => boolean,
): ReadRow {
  const read = schema.safeParse(value);
  if (!read.success) {
    const issue = read.error.issues[0];
    return { problem: `${issue?.path.join(".") || "row"}: ${issue?.message ?? "invalid"}` };
  }
  const { id, service, title, created_at, resolved_at, resolved_by, urgency, details, ...rest } = read.data;
  const { service_name, acknowledged_at, taken_over_at, merged_into, feedback, feedback_at, ...others } =
    rest;
  const { maintenance, ...further } = others;
  const known = flatDetails({ ...further, ...details }, isDetail);
  return {
    incident: {
      id,
      ...(hasNumber(value) ? { numericId: true as const } : {}),
      service,
      ...(service_name ? { serviceName: keepableText(service_name) } : {}),
      title: keepableText(title),
      createdAt: created_at,
      resolvedAt: resolved_at ?? null,
      resolvedBy: resolved_at ? (resolved_by ?? "automation") : null,
      acknowledgedAt: acknowledged_at ?? null,
      takenOverAt: taken_over_at ?? null,
      mergedInto: resolved_at ? (merged_into ?? null) : null,
      urgency: urgency ?? "high",
      details: detailsOf(known),
      ...(feedback === "noise" || feedback === "real"
        ? { feedback: { said: feedback, at: feedback_at ?? resolved_at ?? created_at } }
        : {}),
      ...(maintenance ? { maintenance } : {}),
    },
  };
}

const hasNumber = (row: unknown): boolean =>
  typeof row === "object" && row !== null && "id" in row && typeof row.id === "number";

/** Maximum depth of nested values. */
const DEEPEST = 4;

/** Nested values by path (`db.ms`), for names that `keeps`; a list of texts and numbers becomes one text. */
function flatDetails(
  given: Readonly<Record<string, unknown>>,
  keeps: (name: string) => boolean = () => true,
  depth = 1,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): readonly [string, unknown][] => {
      if (!keeps(name)) return [];
      if (Array.isArray(value))
        return value.every((one) => typeof one === "string" || typeof one === "number")
          ? [[name, value.join(", ")]]
          : [];
      if (typeof value !== "object" || value === null) return [[name, value]];
      if (depth === DEEPEST) return [];
      const inner = flatDetails({ ...value }, keeps, depth + 1);
      return Object.entries(inner).map(([key, one]): [string, unknown] => [`${name}.${key}`, one]);
    }),
  );
}

/**
 * Numbers and texts are kept, also inside objects and lists, booleans become 0 or 1; anything else is dropped. Names
 * and texts are made storable.
 */
export function detailsOf(given: Readonly<Record<string, unknown>>): Details {
  return Object.fromEntries(
    Object.entries(flatDetails(given)).flatMap(([rawName, value]): [string, number | string][] => {
      const name = keepableName(rawName);
      if (typeof value === "number" && Number.isFinite(value)) return [[name, value]];
      if (typeof value === "boolean") return [[name, value ? 1 : 0]];
      return typeof value === "string" && value !== "" ? [[name, keepableText(value)]] : [];
    }),
  );
}
