const unitsMs = new Map([
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
  ["mo", 30 * 86_400_000],
]);

/**
 * Milliseconds of a duration as people write it: a number of `s`, `m`, `h`, `d` or `mo` (30 days). Null for any other text.
 *
 * @example
 * ```ts
 * durationMs("90s"); // => 90_000
 * durationMs("1.5h"); // => 5_400_000
 * durationMs("0s"); // => 0
 * durationMs("soon"); // => null
 * ```
 */
export function durationMs(text: string): number | null {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text.trim()) ?? [];
  const unitMs = unit === undefined ? undefined : unitsMs.get(unit);
  return unitMs === undefined ? null : Math.round(Number(count) * unitMs);
}
