import { outOfRange } from "@mrdata/base";
import { normaliseTitle } from "@mrdata/incident";
import { z } from "zod";
import { placesOfRow, TITLE_PLACES, type TitleWords, titlePlaces } from "./title-words.ts";

/** So many components at most: with more, each says what a word says. */
export const MAX_COMPONENTS = 16;

/**
 * Principal components of the hashed words of titles, the one that accounts for most first. A title's value on one is the sum of
 * what its words add, less what the mean title has.
 */
const component = z.object({
  /** What the mean title has. */
  mean: z.number(),
  /** What a word adds, by its place. */
  loadings: z.array(z.number()).length(TITLE_PLACES),
});
export const titleComponentsSchema = z.array(component).min(1).max(MAX_COMPONENTS);
export type TitleComponents = readonly {
  readonly mean: number;
  readonly loadings: readonly number[];
}[];

/** The values of one title, as it was written, on each component. */
export function componentsOf(components: TitleComponents, title: string): readonly number[] {
  const places = titlePlaces(normaliseTitle(title));
  return components.map((one) => valueOn(one, places));
}

/** A column a component, of the first `rows` rows, in memory that threads may share: the numbers that `componentsOf` gives. */
export const componentColumns = (
  components: TitleComponents,
  words: TitleWords,
  rows = words.starts.length - 1,
): readonly Float32Array[] =>
  components.map((one) => {
    const column = new Float32Array(new SharedArrayBuffer(Float32Array.BYTES_PER_ELEMENT * rows));
    for (let i = 0; i < rows; i++) column[i] = valueOn(one, placesOfRow(words, i));
    return column;
  });

function valueOn({ mean, loadings }: TitleComponents[number], places: ArrayLike<number>): number {
  let sum = -mean;
  for (let k = 0; k < places.length; k++) sum += loadings[places[k] ?? outOfRange()] ?? outOfRange();
  return sum;
}
