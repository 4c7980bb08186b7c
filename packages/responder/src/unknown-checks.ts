/** A check that an armed service needs, and since when its answer is unknown, milliseconds since the epoch. */
export type UnknownSince = { readonly check: string; readonly sentence: string; readonly since: number };

/** What cannot be known for so long is not relied on. */
export const UNKNOWN_LIMIT_MS = 15 * 60_000;

/**
 * Those of which nothing has been known for too long: while there is one, its service's incidents are not held.
 *
 * @example
 * ```ts
 * tooLongUnknown([{ since: 0 }, { since: 60_000 }], 900_000); // => [{ since: 0 }]
 * ```
 */
export const tooLongUnknown = <T extends Pick<UnknownSince, "since">>(
  unknown: readonly T[],
  now: number,
): readonly T[] => unknown.filter(({ since }) => now - since >= UNKNOWN_LIMIT_MS);
