/**
 * What went wrong, in the error's own words; what was thrown and is no error, as text. `causeOf` first, where the error only wraps.
 *
 * @example
 * ```ts
 * messageOf(new Error("no answer")); // => "no answer"
 * messageOf("no answer"); // => "no answer"
 * ```
 */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The `code` of an error of Node's (`ENOENT`) or of a client's (a status of gRPC or HTTP); null where it has none. */
export const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : null;

/** The error that one was made from, if it was: `fetch` says only "fetch failed", and the reason is in its cause. */
export const causeOf = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? error.cause : error;
