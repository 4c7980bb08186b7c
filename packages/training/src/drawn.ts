/**
 * The most incidents drawn per service (the newest ones): the largest limit for which
 * all services together stay within `most`; at least one, so that no service is left out.
 *
 * @param counts How many rows each service has.
 * @example
 * ```ts
 * limitPerService([10, 2, 7], 12); // => 5
 * ```
 */
export function limitPerService(counts: readonly number[], most: number): number {
  const drawn = (limit: number) => counts.reduce((sum, count) => sum + Math.min(count, limit), 0);
  const largest = counts.reduce((max, count) => Math.max(max, count), 1);
  if (drawn(largest) <= most) return largest;
  let [low, high] = [1, largest];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (drawn(middle) <= most) low = middle;
    else high = middle;
  }
  return low;
}
