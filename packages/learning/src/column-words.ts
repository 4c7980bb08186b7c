/** A cache: names recur with every row. */
const known = new Map<string, string>();
const MAX_KNOWN = 20_000;

/**
 * The words of a column's name, in lower case and joined by `_`, in any spelling: `closeCode`, `Close code`,
 * `CLOSE_CODE` and `close.code` all become `close_code`. Diacritics are removed (`Geöffnet` becomes `geoffnet`); a name
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
 * Maps words with transcribed umlauts (`geoeffnet`) to the form that `columnWords` gives those with umlauts
 * (`geoffnet`). Vowel pairs that are no transcription (`dauer`, `neue`) are kept.
 */
export const umlautsFolded = (words: string): string => words.replace(/(?<![ao])(o|(?<!e)[au])e/gu, "$1");
