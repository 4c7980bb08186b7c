export type MemoOptions<A extends readonly unknown[], T> = {
  /** How long what was read serves, milliseconds from the beginning of the reading; Infinity: until it is forgotten. */
  readonly ttlMs: number;
  /** Milliseconds, of a clock or of what is asked; where it goes back, what was read is read again. */
  readonly now: (...args: A) => number;
  /** What is kept apart; left out, all calls are the same question. */
  readonly keyOf?: (...args: A) => string;
  /** So many keys are kept, the latest; 1 if left out. */
  readonly maxKeys?: number;
  /** Whether what was read is kept; left out, all is. */
  readonly keeps?: (value: Awaited<T>) => boolean;
};

/** `forget` makes the next call read again. */
export type Memo<A extends readonly unknown[], T> = ((...args: A) => T) & { forget(...args: A): void };

/**
 * Reads once for all who ask the same within the time to live, those too who ask while it is being read. What fails is kept for
 * nobody: whoever was waiting gets the failure, and the next call reads again.
 *
 * @example
 * ```ts
 * let asked = 0;
 * const settings = memo(async () => ++asked, { ttlMs: 1_000, now: () => 0 });
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
