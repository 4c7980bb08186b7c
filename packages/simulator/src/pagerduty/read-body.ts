import type { z } from "zod";
import { refusals } from "./errors.ts";

/** Reads a body. Throws 2001 naming the first thing that is wrong with it. */
export function readBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw refusals.invalid(`${issue?.path.join(".") || "body"}: ${issue?.message ?? "invalid"}`);
}
