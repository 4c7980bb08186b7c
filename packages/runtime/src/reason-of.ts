import { messageOf } from "@mrdata/base";
import { withoutCredentials } from "@mrdata/platform";

/**
 * An error as one line of at most 500 characters, without users and passwords of URLs: error messages of this
 * program name paths, fields and ids, never values. It is logged, returned in answers and stored.
 *
 * @example
 * ```ts
 * reasonOf(new Error("no answer\n    at stack")); // => "no answer"
 * reasonOf("no answer"); // => "no answer"
 * ```
 */
export const reasonOf = (error: unknown): string =>
  withoutCredentials(messageOf(error)).split("\n", 1)[0]?.slice(0, 500).toWellFormed() ?? "unknown";
