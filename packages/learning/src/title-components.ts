import { outOfRange } from "@mrdata/base";
import { normaliseTitle } from "@mrdata/incident";
import { z } from "zod";
import { placesOfRow, TITLE_PLACES, type TitleWords, titlePlaces } from "./title-words.ts";

/** Maximum number of components: beyond it each says no more than a word. */
export const MAX_COMPONENTS = 16;

/**
 * Principal components of the hashed words of titles, by decreasing variance. A title's value on one is the sum of its
 * words' loadings minus the mean title's value.
 */
const component = z.object({
  /** The mean title's value. */
  mean: z.number(),
  /** A word's loading, by place. */
  loadings: z.array(z.number()).length(TITLE_PLACES),
});
export const titleComponentsSchema = z.array(component).min(1).max(MAX_COMPONENTS);
export type TitleComponents = readonly {
  readonly mean: number;
  readonly loadings: readonly number[];
}[];

/** The values of one title, in its original form, on each component. */
export function componentsOf(components: TitleComponents, title: string): readonly number[] {
  const places = titlePlaces(normaliseTitle(title));
  return components.map((one) => valueOn(one, places));
}

/**
 * One column per component, for the first `rows` rows, in memory that threads may share: the same numbers as
 * `componentsOf`.
 */
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
