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

/**
 * What of a service is unknown at `now`: what the last checks could not answer, and, where no checks were made for too
 * long, or none ever, all of them. Whoever armed it had them answered: `armedAt`, milliseconds since the epoch; null where nobody is
 * to ask them, of a service that is not armed and on a bot that is said to have no checks.
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
