import { guardsOf } from "@mrdata/incident";

/** The placeholder of a learnt name for a word that it no longer has. */
export const ANY_WORD = "<*>";

/** Properties of a word of a name, independent of its position. */
export type WordKind = {
  /** It has a letter: numbers are left to the listed rules. */
  readonly hasLetter: boolean;
  /**
   * Guarded parts (statuses, ports, environments, directions …) are never learnt to be volatile, and distinguish
   * names.
   */
  readonly isGuarded: boolean;
  /** A word with two adjacent letters that is neither guarded nor a placeholder. */
  readonly isWorded: boolean;
};

/** Computes a word's kind: fifteen patterns. */
export function wordKindOf(word: string): WordKind {
  const guarded = guardsOf(word) !== "" || /<\p{Ll}+>/u.test(word);
  return {
    hasLetter: /\p{L}/u.test(word),
    isGuarded: guarded,
    isWorded: /\p{L}{2}/u.test(word) && word !== ANY_WORD && !guarded,
  };
}

/** The cache's size, and the maximum length of its words: a title is bounded, the number of titles is not. */
const MAX_KNOWN = 50_000;
const MAX_LENGTH = 100;
const known = new Map<string, WordKind>();

/** Cached `wordKindOf`: names share their words, and a lookup takes a hundredth of the time. */
export function knownWordKind(word: string): WordKind {
  const before = known.get(word);
  if (before !== undefined) return before;
  const kind = wordKindOf(word);
  if (known.size >= MAX_KNOWN) known.clear();
  if (word.length <= MAX_LENGTH) known.set(word, kind);
  return kind;
}
