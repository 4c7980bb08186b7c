/** The clock that the client needs. */
export type VertexClock = {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
};

export const realClock: VertexClock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** 0 means no answer. 409 ABORTED is a conflict that Google asks to retry (google.rpc.Code). */
export const isRetryable = (status: number, reason: string | null): boolean =>
  status === 0 || status === 429 || status >= 500 || reason === "ABORTED";

/**
 * The wait in a `Retry-After` header (seconds or a date, RFC 9110 section 10.2.3), milliseconds; null if there is none.
 * `now`: milliseconds since the epoch.
 */
export function retryAfterMs(retryAfter: string | null, now: number): number | null {
  if (retryAfter === null || retryAfter.trim() === "") return null;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
