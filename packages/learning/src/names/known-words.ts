import { guardsOf } from "@mrdata/incident";

/** What a learnt name stands for in a name that has it no more. */
export const ANY_WORD = "<*>";

/** What is asked of a word of a name, wherever it stands. */
export type WordKind = {
  /** It has a letter: numbers are the listed names' business. */
  readonly hasLetter: boolean;
  /** Guarded parts (statuses, ports, environments, directions …) are never learnt to be volatile, and tell names apart. */
  readonly isGuarded: boolean;
  /** A word with two letters side by side that is neither guarded nor a placeholder. */
  readonly isWorded: boolean;
};

/** What a word is, worked out anew: fifteen patterns. */
export function wordKindOf(word: string): WordKind {
  const guarded = guardsOf(word) !== "" || /<\p{Ll}+>/u.test(word);
  return {
    hasLetter: /\p{L}/u.test(word),
    isGuarded: guarded,
    isWorded: /\p{L}{2}/u.test(word) && word !== ANY_WORD && !guarded,
  };
}

/** So many words are remembered at a time, none longer than this: what a title says is bounded, the number of titles is not. */
const MAX_KNOWN = 50_000;
const MAX_LENGTH = 100;
const known = new Map<string, WordKind>();

/** The same as `wordKindOf`: names have their words in common, and to look one up takes a hundredth of the time. */
export function knownWordKind(word: string): WordKind {
  const before = known.get(word);
  if (before !== undefined) return before;
  const kind = wordKindOf(word);
  if (known.size >= MAX_KNOWN) known.clear();
  if (word.length <= MAX_LENGTH) known.set(word, kind);
  return kind;
}
