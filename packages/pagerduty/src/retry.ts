import type { AnswerHeaders } from "./send.ts";

/** What the client needs of a clock. */
export type { WaitingClock as ClientClock } from "@mrdata/base";

/**
 * True for an answer after which the same call may succeed: none at all (0), too many calls, or an error of the server's
 * (PagerDuty developer docs, Errors).
 *
 * @example
 * ```ts
 * [0, 429, 503].every(isRetryable); // => true
 * isRetryable(404); // => false
 * ```
 */
export const isRetryable = (status: number): boolean => status === 0 || status === 429 || status >= 500;

/**
 * What a refusal says of when to come again (`ratelimit-reset` and `retry-after`, in seconds), milliseconds; null where it says
 * nothing.
 */
export function retryAfterMs(headers: AnswerHeaders): number | null {
  const text = headers.get("ratelimit-reset") ?? headers.get("retry-after");
  const seconds = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
