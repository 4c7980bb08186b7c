import type { Clock } from "@mrdata/platform";

const answeredInTime = new Error("answered");

/** Rejects if the work takes longer; the work then goes on, and its later failure is ignored. */
export async function withinMs<T>(
  clock: Clock,
  limitMs: number,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const answered = new AbortController();
  const working = work();
  const late = clock.sleep(limitMs, answered.signal).then(() => {
    throw new Error(`${what} took longer than ${limitMs / 1000} s`);
  });
  late.catch(() => {});
  working.catch(() => {});
  try {
    return await Promise.race([working, late]);
  } finally {
    answered.abort(answeredInTime);
  }
}
