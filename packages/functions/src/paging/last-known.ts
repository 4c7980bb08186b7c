import { memo } from "@mrdata/base";
import type { Clock } from "@mrdata/platform";

export type LastKnownOptions = {
  readonly clock: Clock;
  /** Within this time one read serves everybody who asks, milliseconds. */
  readonly freshMs: number;
  /** What was read serves no longer than this where it cannot be read again, milliseconds; Infinity: for ever. */
  readonly maxAgeMs: number;
};

/** After a failure nobody waits for another for so long: a storm's pages must not queue behind an endpoint that hangs. */
const FAILURE_LASTS_MS = 2_000;

/** Reads by key, each once for many; where that fails, the last result, else null. Never rejects. */
export function createLastKnown<T>(
  read: (key: string) => Promise<T>,
  { clock, freshMs, maxAgeMs }: LastKnownOptions,
): (key: string) => Promise<T | null> {
  const last = new Map<string, { readonly at: number; readonly value: T }>();
  const failedAt = new Map<string, number>();
  const readOnce = memo(
    async (key: string): Promise<T> => {
      const at = clock.now();
      const value = await read(key);
      last.set(key, { at, value });
      return value;
    },
    { ttlMs: freshMs, now: () => clock.now(), keyOf: (key) => key, maxKeys: Number.POSITIVE_INFINITY },
  );
  const known = (key: string): T | null => {
    const before = last.get(key);
    return before !== undefined && clock.now() - before.at <= maxAgeMs ? before.value : null;
  };
  return async (key) => {
    const failed = failedAt.get(key);
    if (failed !== undefined && clock.now() - failed < FAILURE_LASTS_MS) return known(key);
    try {
      const value = await readOnce(key);
      failedAt.delete(key);
      return value;
    } catch {
      failedAt.set(key, clock.now());
      return known(key);
    }
  };
}
