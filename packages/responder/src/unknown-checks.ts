/** A check that an armed service requires, and since when its answer has been unknown, milliseconds since the epoch. */
export type UnknownSince = { readonly check: string; readonly sentence: string; readonly since: number };

/** A check that has been unknown for this long is no longer relied on. */
export const UNKNOWN_LIMIT_MS = 15 * 60_000;

/**
 * The checks that have been unknown for too long: while there is one, incidents of its service are not held.
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

/**
 * The unknown checks of a service at `now`: those that the last run could not answer, plus the entry `all` if no run was made for too
 * long, or ever. Arming a service answers its checks: `armedAt`, milliseconds since the epoch; null if nothing is to run them,
 * because the service is not armed or the bot is configured without checks.
 *
 * @example
 * ```ts
 * const never = { answeredAt: null, unknown: [] };
 * unknownNow(never, { service: "PDB", armedAt: 0 }, 899_999); // => []
 * unknownNow(never, { service: "PDB", armedAt: 0 }, 900_000)[0]?.check; // => "all"
 * unknownNow(never, { service: "PDB", armedAt: null }, 900_000); // => []
 * ```
 */
export function unknownNow<T extends UnknownSince & { readonly service: string }>(
  { answeredAt, unknown }: { readonly answeredAt: number | null; readonly unknown: readonly T[] },
  { service, armedAt }: { readonly service: string; readonly armedAt: number | null },
  now: number,
): readonly UnknownSince[] {
  const own = unknown.filter((one) => one.service === service);
  if (armedAt === null) return own;
  const since = Math.max(answeredAt ?? armedAt, armedAt);
  const all = { check: "all", sentence: "No checks were made since.", since };
  return [...own, ...tooLongUnknown([all], now)];
}
