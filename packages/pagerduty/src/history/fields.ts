import { notATime, withoutNothing } from "@mrdata/incident";
import { z } from "zod";
import { secondsIn } from "./seconds-in.ts";

/** A table's cells are texts; an empty one counts as missing. */
const orNothing = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? null : value), schema.nullish());

const text = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);

/** It becomes part of a document path, so an impossible one is reported while its row is still known. */
export const idField = text.pipe(
  z
    .string()
    .min(1, "is empty")
    .max(200, "is longer than 200 characters")
    .refine((id) => id !== "." && id !== ".." && !/^__.*__$/.test(id), "cannot be an id"),
);
export const textField = orNothing(text);
const flags: Readonly<Record<string, boolean>> = {
  true: true,
  t: true,
  yes: true,
  y: true,
  on: true,
  1: true,
  "1.0": true,
  "1,0": true,
  false: false,
  f: false,
  no: false,
  n: false,
  off: false,
  0: false,
  "0.0": false,
  "0,0": false,
};
/** Yes or no as programs and databases write it; any other word is neither. */
export const flagField = z.preprocess(
  (value) =>
    typeof value === "string" || typeof value === "number"
      ? (flags[String(value).trim().toLowerCase()] ?? null)
      : value,
  z.boolean().nullish(),
);
/** A count or a number of seconds, not negative; null or omitted for an empty cell. */
export const countField = orNothing(z.coerce.number().min(0));
/** A duration, seconds; null for a missing value. Programs write it in many ways: see `secondsIn`. */
export const secondsField = z.preprocess(
  withoutNothing,
  z
    .union([z.string(), z.number()], { error: "is no duration" })
    .transform((written, context): number => {
      const seconds = secondsIn(String(written));
      if (seconds !== null) return seconds;
      context.addIssue(`is no duration: ${String(written).slice(0, 40)}`);
      return z.NEVER;
    })
    .nullish(),
);
/** An id or a name; null for a missing value, which tables write in various ways (`NaN`, `\\N`). */
export const nameField = z.preprocess(withoutNothing, text.nullish());
/** `high` or `low`, in any case; null or omitted for an empty cell. */
export const urgencyField = orNothing(
  z.preprocess(
    (value) => (typeof value === "string" ? value.trim().toLowerCase() : value),
    z.enum(["high", "low"]),
  ),
);
const writtenTime = z.union([z.string(), z.number().transform(String)], { error: "is missing" });
/** A time as text, or as the number that it is written as, parsed by `time`. */
export const timeField = (time: (text: string) => number | null) =>
  writtenTime.transform((written, context): number => {
    const at = time(written);
    if (at !== null) return at;
    context.addIssue(notATime(written));
    return z.NEVER;
  });
/** A time parsed as by `timeField`, milliseconds since the epoch; null for a missing value. */
export const optionalTime = (time: (text: string) => number | null) =>
  z.preprocess(withoutNothing, timeField(time).nullish());

/** The first error of a schema, as one line. */
export const problemIn = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return `${issue?.path.join(".") || "row"}: ${issue?.message ?? "invalid"}`;
};
