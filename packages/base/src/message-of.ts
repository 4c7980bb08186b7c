/**
 * The message of an error, or a thrown value that is not an error as text. Use `causeOf` first if the error only wraps another.
 *
 * @example
 * ```ts
 * messageOf(new Error("no answer")); // => "no answer"
 * messageOf("no answer"); // => "no answer"
 * ```
 */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The `code` of an error of Node's (`ENOENT`) or of a client's (a status of gRPC or HTTP); null if it has none. */
export const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : null;

/** The cause of an error, or the error itself if it has none: `fetch` says only "fetch failed", and the reason is in its cause. */
export const causeOf = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? error.cause : error;
