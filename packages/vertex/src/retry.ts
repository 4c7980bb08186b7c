/** What the client needs of a clock. */
export type VertexClock = {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
};

export const realClock: VertexClock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** 0 stands for no answer. 409 ABORTED is a race that Google asks to run again (google.rpc.Code). */
export const isRetryable = (status: number, reason: string | null): boolean =>
  status === 0 || status === 429 || status >= 500 || reason === "ABORTED";

/**
 * What `Retry-After` says of when to come again (seconds or a date, RFC 9110 section 10.2.3), milliseconds; null where it says nothing.
 * `now`: milliseconds since the epoch.
 */
export function retryAfterMs(retryAfter: string | null, now: number): number | null {
  if (retryAfter === null || retryAfter.trim() === "") return null;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
