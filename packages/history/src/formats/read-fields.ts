import { notATime, type Urgency, withoutNothing } from "@mrdata/incident";
import { z } from "zod";

/** A time written as text or as a number. */
export const readTime = (time: (text: string) => number | null) =>
  z.union([z.string(), z.number().transform(String)], { error: "is missing" }).transform((text, context) => {
    const at = time(text);
    if (at !== null) return at;
    context.addIssue(notATime(text));
    return z.NEVER;
  });

/** The same; null if missing. */
export const optionalTime = (time: (text: string) => number | null) =>
  z.preprocess(
    withoutNothing,
    readTime(time)
      .nullish()
      .transform((at) => at ?? null),
  );

/** The text of a value; of an object its name (`display_value`, `name`, `value`). Null if there is none. */
export const textOf = (value: unknown): string | null => {
  if (typeof value === "string") return value.trim() === "" ? null : value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  for (const name of ["display_value", "displayName", "display_name", "summary", "name", "value", "id"]) {
    const inner: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
    const text = textOf(inner);
    if (text !== null) return text;
  }
  return null;
};

/** A list of texts or named objects as one text, sorted; null for anything else. */
export function listOf(value: unknown): string | null {
  if (!Array.isArray(value)) return null;
  const all: readonly unknown[] = value;
  const names = all.flatMap((one) => textOf(one) ?? []);
  return names.length === 0 || names.length < all.length ? null : names.sort().join(", ");
}

/** Notations for low urgency: `low`, `3 - Low`, `P4`, `warning`. */
const lowUrgency =
  /^\s*(?:\d\s*-\s*)?(?:low(?:est)?|minor|info(?:rmational)?|warn(?:ing)?|planning|none|niedrig|planung|faible|planification|[45]|p[45])\s*$/iu;
export const urgencyOf = (value: unknown): Urgency => (lowUrgency.test(textOf(value) ?? "") ? "low" : "high");

/** The first issue of a schema error as one line. */
export const problemOf = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return `${issue?.path.join(".") || "row"}: ${issue?.message ?? "invalid"}`;
};
