const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, mo: 30 * 86_400_000 } as const;

/**
 * Milliseconds of a duration such as `90s`, `30m`, `1h`, `7d`, `12mo` (a month is 30 days). Throws otherwise.
 *
 * @example
 * ```ts
 * parseDuration("90s"); // => 90_000
 * parseDuration("12mo"); // => 31_104_000_000
 * parseDuration("soon"); // throws /is not a duration/
 * ```
 */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h|d|mo)$/.exec(text.trim());
  const unit = match?.[2];
  if (
    !match ||
    (unit !== "s" && unit !== "m" && unit !== "h" && unit !== "d" && unit !== "mo") ||
    Number(match[1]) <= 0
  ) {
    throw new Error(`'${text}' is not a duration: write it like 90s, 30m, 1h or 7d`);
  }
  return Math.round(Number(match[1]) * units[unit]);
}
