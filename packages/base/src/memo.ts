export type MemoOptions<A extends readonly unknown[], T> = {
  /** Time to live, milliseconds from the start of the read; Infinity means until it is forgotten. */
  readonly ttlMs: number;
  /** The current time, milliseconds, by a clock or derived from the arguments. If it goes back, the value is read again. */
  readonly now: (...args: A) => number;
  /** The cache key of a call; if absent, all calls share one entry. */
  readonly keyOf?: (...args: A) => string;
  /** The number of keys to keep, the latest ones; 1 if absent. */
  readonly maxKeys?: number;
  /** Whether a value is cached; if absent, every value is. */
  readonly keeps?: (value: Awaited<T>) => boolean;
};

/** `forget` makes the next call read again. */
export type Memo<A extends readonly unknown[], T> = ((...args: A) => T) & { forget(...args: A): void };

/**
 * Reads once for all calls with the same key within the time to live, including calls during the read. Failures are not
 * cached: callers that were waiting get the failure, and the next call reads again.
 *
 * @example
 * ```ts
 * let reads = 0;
 * const settings = memo(async () => ++reads, { ttlMs: 1_000, now: () => 0 });
 * await settings(); // => 1
 * await settings(); // => 1
 * settings.forget();
 * await settings(); // => 2
 * ```
 */
export function memo<A extends readonly unknown[], T>(
  read: (...args: A) => T,
  { ttlMs, now, keyOf = () => "", maxKeys = 1, keeps = () => true }: MemoOptions<A, T>,
): Memo<A, T> {
  const kept = new Map<string, { readonly at: number; readonly value: T }>();

  function recall(...args: A): T {
    const key = keyOf(...args);
    const at = now(...args);
    const known = kept.get(key);
    if (known !== undefined && at >= known.at && at - known.at < ttlMs) return known.value;
    const entry = { at, value: read(...args) };
    const drop = (): void => {
      if (kept.get(key) === entry) kept.delete(key);
    };
    kept.delete(key);
    kept.set(key, entry);
    for (const oldest of kept.keys()) {
      if (kept.size <= maxKeys) break;
      kept.delete(oldest);
    }
    Promise.resolve(entry.value).then((value) => {
      if (!keeps(value)) drop();
    }, drop);
    return entry.value;
  }

  return Object.assign(recall, { forget: (...args: A) => void kept.delete(keyOf(...args)) });
}
