import { outOfRange } from "@mrdata/base";

/**
 * The known word with the smallest edit distance, or null where none is near.
 *
 * @example
 * ```ts
 * nearest("critcal", ["critical", "error"]); // => "critical"
 * nearest("banana", ["critical", "error"]); // => null
 * ```
 */
export function nearest(word: string, known: readonly string[]): string | null {
  const [best] = known
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= Math.max(2, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.far - b.far);
  return best?.candidate ?? null;
}

/** Letters to insert, delete or replace (Levenshtein), O(a·b). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? outOfRange()) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? outOfRange()) + 1, (next[j - 1] ?? outOfRange()) + 1));
    }
    row = next;
  }
  return row[b.length] ?? outOfRange();
}
