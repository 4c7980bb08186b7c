/**
 * How many incidents of a service are drawn: the newest, and as evenly as their numbers let. The largest limit for which
 * all services together give no more than may be drawn; at least one, so that no service is forgotten.
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
