import { createHash } from "node:crypto";

/**
 * The name of a result, made of all that it depends on: a task that is done again, by whomever, looks for its result
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

/** The name of bytes: the same bytes have the same. */
export const contentName = (kind: string, bytes: Uint8Array): string =>
  `${kind}-${createHash("sha256").update(bytes).digest("hex")}`;
