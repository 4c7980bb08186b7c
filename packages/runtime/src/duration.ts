import { durationMs } from "@mrdata/base";

/**
 * Milliseconds of a duration such as `90s`, `30m`, `1h`, `7d`, `12mo` (a month is 30 days). Throws otherwise, and for none at all.
 *
 * @example
 * ```ts
 * parseDuration("90s"); // => 90_000
 * parseDuration("12mo"); // => 31_104_000_000
 * parseDuration("soon"); // throws /is not a duration/
 * ```
 */
export function parseDuration(text: string): number {
  const milliseconds = durationMs(text);
  if (milliseconds === null || milliseconds === 0)
    throw new Error(`'${text}' is not a duration: write it like 90s, 30m, 1h or 7d`);
  return milliseconds;
}
