import { outOfRange } from "@mrdata/base";
import { normaliseTitle, type PastIncident } from "@mrdata/incident";
import { placeOf, wordsIn } from "./words.ts";

/** Places that the words of a title are hashed to where components are made of them: few words share one. */
export const TITLE_PLACES = 256;

/**
 * The hashed words of many titles, row after row, in memory that threads may share: those of row i are
 * `places[starts[i]]` to before `places[starts[i + 1]]`. A word that comes twice stands there twice.
 */
export type TitleWords = { readonly starts: Int32Array; readonly places: Uint8Array };

/** The places of the words of one title, which is normalised, in their order. */
export const titlePlaces = (title: string): readonly number[] =>
  wordsIn(title).map((word) => placeOf(word, TITLE_PLACES));

/** The hashed words of the titles of incidents, as `titlePlaces` gives them. */
export function titleWordsOf(incidents: readonly Pick<PastIncident, "title">[]): TitleWords {
  // The same titles come again, and to normalise one takes longer than to look it up.
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
