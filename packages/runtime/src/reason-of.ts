import { messageOf } from "@mrdata/base";
import { withoutCredentials } from "@mrdata/platform";

// One line, without the values of fields: error messages of this program name paths, fields and ids only. It is logged, answered
// and kept.
/**
 * What went wrong as one line of 500 characters at the most, without users and passwords of URLs: error messages of this
 * program name paths, fields and ids, and no values. It is logged, answered and kept.
 *
 * @example
 * ```ts
 * reasonOf(new Error("no answer\n    at stack")); // => "no answer"
 * reasonOf("no answer"); // => "no answer"
 * ```
 */
export const reasonOf = (error: unknown): string =>
  withoutCredentials(messageOf(error)).split("\n", 1)[0]?.slice(0, 500).toWellFormed() ?? "unknown";
