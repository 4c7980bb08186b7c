import type { Random } from "./random.ts";

const DAY = 86_400_000;

/** A time, and how many times as much goes wrong in it as usual. */
export type Span = { readonly from: number; readonly to: number; readonly busy: number };

/**
 * Moments of a process that happens `perDay` times on a usual day, more or less by the season: candidates at the
 * highest rate, thinned (Lewis and Shedler, 1979).
 */
export function* moments(
  random: Random,
  { from, to, busy }: Span,
  perDay: number,
  season: (at: number) => number,
): Generator<number> {
  const highest = 12;
  const mean = DAY / (perDay * busy * highest);
  for (let at = from + random.exponential(mean); at < to; at += random.exponential(mean))
    if (random.chance(season(at) / highest)) yield Math.floor(at);
}
