import type { WaitingClock } from "./clock.ts";

/** The result of one try: a value, or a failure and whether the same call may succeed now, later or never. */
export type Tried<T> =
  | { readonly value: T }
  | {
      readonly failure: Error;
      readonly again: "now" | "later" | "never";
      /** The wait that the server asks for, milliseconds; null if it does not say. */
      readonly serverWaitMs: number | null;
    };

export type RetryOptions = {
  readonly clock: WaitingClock;
  /** In [0, 1); for the jitter. */
  readonly random: () => number;
  /** The first wait is up to twice `baseMs`; the bound doubles each time, up to `maxMs`. */
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
  /** Deadline of all tries together, milliseconds: no wait starts that would end later, allowing `tryMs` for the try after it. */
  readonly deadlineMs: number;
  readonly tryMs?: number;
  /** The most tries; if absent, only the deadline ends them. */
  readonly attempts?: number;
  /** Called before every try except the first. False cancels the rest. */
  readonly beforeRetry?: (() => Promise<boolean>) | undefined;
};

/**
 * Retries until success, a final failure, or the end of attempts or time; then it rejects with the last failure. Resolves to
 * undefined if `beforeRetry` cancelled it. Waits are those that the server asks for plus a little jitter, so that clients do not
 * return simultaneously, or else exponential with full jitter (AWS architecture blog, "Exponential backoff and jitter").
 *
 * @example
 * ```ts
 * const clock = { now: () => 0, sleep: async () => {} };
 * const options = { clock, random: Math.random, backoff: { baseMs: 250, maxMs: 10_000 }, deadlineMs: 25_000 };
 * const busy = { failure: new Error("503"), again: "later", serverWaitMs: null };
 * await retry(async (attempt) => (attempt === 1 ? busy : { value: "here" }), options); // => "here"
 * ```
 */
export async function retry<T>(
  attemptOnce: (attempt: number) => Promise<Tried<T>>,
  options: RetryOptions,
): Promise<T | undefined> {
  const { clock, random, deadlineMs, tryMs = 0, attempts = Number.POSITIVE_INFINITY, beforeRetry } = options;
  const startedAt = clock.now();
  for (let attempt = 1; ; attempt++) {
    const tried = await attemptOnce(attempt);
    if ("value" in tried) return tried.value;
    if (tried.again !== "now") {
      const waitMs = waitAfter(attempt, tried.serverWaitMs, options.backoff, random);
      const isLate = clock.now() + waitMs + tryMs > startedAt + deadlineMs;
      if (tried.again === "never" || attempt >= attempts || isLate) throw tried.failure;
      await clock.sleep(waitMs);
    }
    if (beforeRetry !== undefined && !(await beforeRetry())) return undefined;
  }
}

function waitAfter(
  attempt: number,
  serverWaitMs: number | null,
  { baseMs, maxMs }: RetryOptions["backoff"],
  random: () => number,
): number {
  if (serverWaitMs !== null) return serverWaitMs + random() * baseMs;
  return random() * Math.min(maxMs, baseMs * 2 ** attempt);
}
