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

const BASE = 500;
const LONGEST = 30_000;

/** 0 stands for no answer. 409 ABORTED is a race that Google asks to run again (google.rpc.Code). */
export const isRetryable = (status: number, reason: string | null): boolean =>
  status === 0 || status === 429 || status >= 500 || reason === "ABORTED";

/**
 * How long to wait before try number `attempt` + 1, milliseconds: what `Retry-After` says (seconds or a date, RFC 9110
 * section 10.2.3) and a little more, else exponential with full jitter.
 */
export function backoff(
  attempt: number,
  retryAfter: string | null,
  now: number,
  random: () => number,
): number {
  const said = secondsOf(retryAfter, now);
  return said === null ? random() * Math.min(LONGEST, BASE * 2 ** attempt) : said * 1000 + random() * BASE;
}

function secondsOf(retryAfter: string | null, now: number): number | null {
  if (retryAfter === null || retryAfter.trim() === "") return null;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? null : Math.max(0, (date - now) / 1000);
}
