/** Names come again with every row. */
const known = new Map<string, string>();
const MAX_KNOWN = 20_000;

/**
 * The words of a column's name, in lower case and joined by `_`, however it is spelt: `closeCode`, `Close code`,
 * `CLOSE_CODE` and `close.code` are all `close_code`. Letters lose their marks (`Geöffnet` is `geoffnet`); a name
 * without letters and digits is empty.
 */
export function columnWords(name: string): string {
  const before = known.get(name);
  if (before !== undefined) return before;
  const words = name
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .replace(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, "$1_")
    .replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, "$1_")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/gu, "");
  if (known.size < MAX_KNOWN) known.set(name, words);
  return words;
}

/**
 * Words with umlauts as they are written where there are none (`geoeffnet`) as `columnWords` has those with them
 * (`geoffnet`). Vowels that stand there for themselves (`dauer`, `neue`) stay.
 */
export const umlautsFolded = (words: string): string => words.replace(/(?<![ao])(o|(?<!e)[au])e/gu, "$1");
