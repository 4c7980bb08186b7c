import type { AnswerHeaders } from "./send.ts";

/** What the client needs of a clock. */
export type ClientClock = { now(): number; sleep(milliseconds: number, signal?: AbortSignal): Promise<void> };

const BASE = 250;
const LONGEST = 10_000;

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
 * How long to wait before try number `attempt` (from 1), milliseconds: what the server says (`ratelimit-reset` and
 * `retry-after`, in seconds), else exponential with full jitter (AWS architecture blog, "Exponential backoff and
 * jitter"). A server that says how long gets a little jitter on top, so that waiters do not return all at once.
 */
export function backoff(attempt: number, headers: AnswerHeaders | null, random: () => number): number {
  const said = headers === null ? null : retryAfterMs(headers);
  if (said !== null) return said + random() * BASE;
  return random() * Math.min(LONGEST, BASE * 2 ** attempt);
}

/** What a refusal says of when to come again, milliseconds; null where it says nothing. */
export function retryAfterMs(headers: AnswerHeaders): number | null {
  const text = headers.get("ratelimit-reset") ?? headers.get("retry-after");
  const seconds = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
