import type { AnswerHeaders } from "./send.ts";

/** What the client needs of a clock. */
export type ClientClock = { now(): number; sleep(milliseconds: number, signal?: AbortSignal): Promise<void> };

const BASE = 250;
const LONGEST = 10_000;

export const isRetryable = (status: number): boolean => status === 0 || status === 429 || status >= 500;

/**
 * How long to wait before try number `attempt` (from 1), milliseconds: what the server says (`ratelimit-reset` and
 * `retry-after`, in seconds), else exponential with full jitter (AWS architecture blog, "Exponential backoff and
 * jitter"). A server that says how long gets a little jitter on top, so that waiters do not return all at once.
 */
export function backoff(attempt: number, headers: AnswerHeaders | null, random: () => number): number {
  const said = Number(headers?.get("ratelimit-reset") ?? headers?.get("retry-after") ?? Number.NaN);
  if (Number.isFinite(said) && said >= 0) return said * 1000 + random() * BASE;
  return random() * Math.min(LONGEST, BASE * 2 ** attempt);
}
