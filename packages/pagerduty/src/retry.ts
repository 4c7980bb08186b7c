import type { AnswerHeaders } from "./send.ts";

/** The client's clock. */
export type { WaitingClock as ClientClock } from "@mrdata/base";

/**
 * True for an answer after which the same call may succeed: none at all (0), too many calls, or a server error
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
 * How long to wait before a retry according to a refusal (`ratelimit-reset` and `retry-after`, in seconds),
 * milliseconds; null where it does not say.
 */
export function retryAfterMs(headers: AnswerHeaders): number | null {
  const text = headers.get("ratelimit-reset") ?? headers.get("retry-after");
  const seconds = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
