import { outOfRange } from "@mrdata/base";
import { normaliseTitle, type PastIncident } from "@mrdata/incident";
import { placeOf, wordsIn } from "./words.ts";

/** Places that the words of a title are hashed to for components: few words share one. */
export const TITLE_PLACES = 256;

/**
 * The hashed words of many titles, row after row, in memory that threads may share: those of row i are
 * `places[starts[i]]` to before `places[starts[i + 1]]`. A repeated word occurs repeatedly.
 */
export type TitleWords = { readonly starts: Int32Array; readonly places: Uint8Array };

/** The places of the words of one normalised title, in order. */
export const titlePlaces = (title: string): readonly number[] =>
  wordsIn(title).map((word) => placeOf(word, TITLE_PLACES));

/** The hashed words of the titles of incidents, by `titlePlaces`. */
export function titleWordsOf(incidents: readonly Pick<PastIncident, "title">[]): TitleWords {
  // A cache: titles recur, and normalising one takes longer than a lookup.
  const known = new Map<string, readonly number[]>();
  const rows = incidents.map(({ title }) => {
    const places = known.get(title) ?? titlePlaces(normaliseTitle(title));
    known.set(title, places);
    return places;
  });
  const starts = new Int32Array(shared(Int32Array.BYTES_PER_ELEMENT * (rows.length + 1)));
  for (const [i, { length }] of rows.entries()) starts[i + 1] = (starts[i] ?? outOfRange()) + length;
  const places = new Uint8Array(shared(starts[rows.length] ?? outOfRange()));
  for (const [i, row] of rows.entries()) places.set(row, starts[i]);
  return { starts, places };
}

const shared = (bytes: number) => new SharedArrayBuffer(bytes);

/** The places of one row. */
export const placesOfRow = ({ starts, places }: TitleWords, row: number): Uint8Array =>
  places.subarray(starts[row], starts[row + 1]);
