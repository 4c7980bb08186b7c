import { withoutCredentials } from "@mrdata/platform";

// One line, without the values of fields: error messages of this program name paths, fields and ids only. It is logged, answered
// and kept.
export const reasonOf = (error: unknown): string =>
  withoutCredentials(error instanceof Error ? error.message : String(error))
    .split("\n", 1)[0]
    ?.slice(0, 500)
    .toWellFormed() ?? "unknown";
