/**
 * Places that words are hashed to. Two words with one place are the same to the learner: with this many places few are.
 */
export const WORD_PLACES = 32;

/**
 * The words of an incident, each hashed to one of a number of places: 1 where there is a word, else 0 (Weinberger et
 * al. 2009, "Feature hashing"). The same for every service, so that a new one is not unknown. `title` is normalised;
 * each name and value of the details is one word.
 */
export function wordPlaces(title: string, texts: Readonly<Record<string, string | number>>): Uint8Array {
  const places = new Uint8Array(WORD_PLACES);
  for (const word of wordsIn(title)) places[placeOf(word, WORD_PLACES)] = 1;
  for (const [name, value] of Object.entries(texts)) places[placeOf(`${name}=${value}`, WORD_PLACES)] = 1;
  return places;
}

/** The words of a normalised title; single letters and digits are skipped. */
export const wordsIn = (title: string): readonly string[] =>
  title.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);

/**
 * The place of a word among `places`, a power of two up to 65,536: FNV-1a over UTF-16 code units, 32 bits (Fowler,
 * Noll, Vo), its upper half folded into the lower one.
 */
export function placeOf(word: string, places: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return ((hash >>> 16) ^ hash) & (places - 1);
}
