/**
 * A progress bar on one line.
 *
 * @example
 * ```ts
 * progressBar(3, 12); // => "█████···············  3 of 12"
 * ```
 */
export function progressBar(done: number, of: number, width = 20): string {
  const filled = of === 0 ? 0 : Math.min(width, Math.floor((width * done) / of));
  return `${"█".repeat(filled)}${"·".repeat(width - filled)}  ${done} of ${of}`;
}
