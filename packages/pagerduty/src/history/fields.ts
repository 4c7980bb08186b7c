import { notATime, withoutNothing } from "@mrdata/incident";
import { z } from "zod";
import { secondsIn } from "./seconds-in.ts";

/** Cells of a table are texts, and an empty one is not there. */
const orNothing = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? null : value), schema.nullish());

const text = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);

/** A path of a document is made of it: what cannot be one is told while the row is still known. */
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
/** Yes or no as programs and databases write it; another word says neither. */
export const flagField = z.preprocess(
  (value) =>
    typeof value === "string" || typeof value === "number"
      ? (flags[String(value).trim().toLowerCase()] ?? null)
      : value,
  z.boolean().nullish(),
);
/** A count or a number of seconds, not negative; null or left out where the cell is empty. */
export const countField = orNothing(z.coerce.number().min(0));
/** How long something took, seconds; null where the cell stands for nothing. Programs write it in many ways: `secondsIn`. */
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
/** An id or a name, null where the cell stands for nothing: tables have words for that (`NaN`, `\\N`). */
export const nameField = z.preprocess(withoutNothing, text.nullish());
/** `high` or `low`, in any case; null or left out where the cell is empty. */
export const urgencyField = orNothing(
  z.preprocess(
    (value) => (typeof value === "string" ? value.trim().toLowerCase() : value),
    z.enum(["high", "low"]),
  ),
);
const writtenTime = z.union([z.string(), z.number().transform(String)], { error: "is missing" });
/** A time as text, or as the number that it is written as, read by `time`. */
export const timeField = (time: (text: string) => number | null) =>
  writtenTime.transform((written, context): number => {
    const at = time(written);
    if (at !== null) return at;
    context.addIssue(notATime(written));
    return z.NEVER;
  });
/**
 * A time as `timeField` reads it, milliseconds since the epoch; null where the cell stands for no time.
 */
export const optionalTime = (time: (text: string) => number | null) =>
  z.preprocess(withoutNothing, timeField(time).nullish());

/** One line of what a schema found. */
export const problemIn = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return `${issue?.path.join(".") || "row"}: ${issue?.message ?? "invalid"}`;
};
