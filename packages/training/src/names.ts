import { createHash } from "node:crypto";

/**
 * The name of a result, derived from everything that it depends on: any worker that repeats the task looks for the result
 * under the same name.
 *
 * @example
 * ```ts
 * resultName("fit", [], null).startsWith("fit-"); // => true
 * ```
 */
export const resultName = (kind: string, inputs: readonly string[], parameters: unknown = null): string =>
  `${kind}-${createHash("sha256")
    .update(JSON.stringify([kind, inputs, parameters]))
    .digest("hex")}`;

/** A content-addressed name: equal bytes have equal names. */
export const contentName = (kind: string, bytes: Uint8Array): string =>
  `${kind}-${createHash("sha256").update(bytes).digest("hex")}`;
