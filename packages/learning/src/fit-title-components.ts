import { outOfRange } from "@mrdata/base";
import { normaliseTitle, type PastIncident } from "@mrdata/incident";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { TitleComponents } from "./title-components.ts";
import { placesOfRow, TITLE_PLACES, type TitleWords } from "./title-words.ts";
import { placeOf, wordsIn } from "./words.ts";

/** A direction with at most this share of the total variance is a rounding residue. */
const MIN_SHARE = 1e-9;
/** The number of digits, so that the trained, stored and served numbers are identical. */
const DIGITS = 6;
/** A component is described by at most this many words, none with less than this weight relative to the heaviest. */
const MAX_WORDS = 3;
const MIN_WEIGHT = 0.25;
const MIN_AGAINST = 0.5;

/**
 * The first principal components of the hashed words of the titles at `rows`: the truncated singular value
 * decomposition of their centred counts, by the eigenvectors of the covariance of places. Counts are integers, so the
 * order of rows does not matter; a component's sign is chosen so that its heaviest word is positive. Fewer than `count`
 * where titles vary in fewer directions.
 */
export function fitTitleComponents(words: TitleWords, rows: Int32Array, count: number): TitleComponents {
  const { together, came } = countsOf(words, rows);
  const present = Array.from(came, (count, place) => (count > 0 ? [place] : [])).flat();
  const means = present.map((place) => (came[place] ?? outOfRange()) / rows.length);
  const covariance = Matrix.zeros(present.length, present.length);
  for (const [i, a] of present.entries())
    for (const [j, b] of present.entries())
      covariance.set(
        i,
        j,
        (together[a * TITLE_PLACES + b] ?? outOfRange()) / rows.length -
          (means[i] ?? outOfRange()) * (means[j] ?? outOfRange()),
      );
  const least = MIN_SHARE * Math.max(0, covariance.trace());
  if (least === 0) return [];
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  return realEigenvalues
    .map((value, column) => ({ value, column }))
    .filter(({ value }) => value > least)
    .sort((a, b) => b.value - a.value || a.column - b.column)
    .slice(0, count)
    .map(({ column }) => {
      const vector = signed(eigenvectorMatrix.getColumn(column).map(rounded));
      const loadings = new Array<number>(TITLE_PLACES).fill(0);
      for (const [i, place] of present.entries()) loadings[place] = vector[i] ?? outOfRange();
      const mean = vector.reduce((sum, loading, i) => sum + loading * (means[i] ?? outOfRange()), 0);
      return { mean: rounded(mean), loadings };
    });
}

const rounded = (value: number): number => Number(value.toFixed(DIGITS)) + 0;

/** The vector or its negative: the one whose largest entry (the first on ties) is positive. */
function signed(vector: readonly number[]): readonly number[] {
  const largest = vector.reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most), 0);
  return largest < 0 ? vector.map((one) => 0 - one) : vector;
}

/** How often each place occurs, and each pair of places together. */
function countsOf(words: TitleWords, rows: Int32Array) {
  const together = new Float64Array(TITLE_PLACES * TITLE_PLACES);
  const came = new Float64Array(TITLE_PLACES);
  for (const row of rows) {
    const places = placesOfRow(words, row);
    for (const a of places) {
      came[a] = (came[a] ?? outOfRange()) + 1;
      for (const b of places) {
        const at = a * TITLE_PLACES + b;
        together[at] = (together[at] ?? outOfRange()) + 1;
      }
    }
  }
  return { together, came };
}

/**
 * A component's description for display: `disk, usage, full`, and where other words weigh against it, `disk, full; less
 * of timeout`. Of words that share a place the most frequent one represents it.
 */
export function wordsOfComponents(
  components: TitleComponents,
  incidents: readonly Pick<PastIncident, "title">[],
): readonly string[] {
  const wordAt = frequentWords(incidents);
  return components.map(({ loadings }) => {
    const heaviest = Math.max(...loadings);
    const strongest = (sign: 1 | -1, least: number) =>
      [...wordAt]
        .map(([place, word]) => ({ word, weight: sign * (loadings[place] ?? outOfRange()) }))
        .filter(({ weight }) => weight >= least * heaviest)
        .sort((a, b) => b.weight - a.weight || (a.word < b.word ? -1 : 1))
        .slice(0, MAX_WORDS)
        .map(({ word }) => word)
        .join(", ");
    const by = strongest(1, MIN_WEIGHT);
    const against = strongest(-1, MIN_AGAINST);
    return against === "" ? by : `${by}; less of ${against}`;
  });
}

/** By place: its most frequent word, on ties the alphabetically first. */
function frequentWords(incidents: readonly Pick<PastIncident, "title">[]): ReadonlyMap<number, string> {
  const titles = new Map<string, number>();
  for (const { title } of incidents) titles.set(title, (titles.get(title) ?? 0) + 1);
  const came = new Map<string, number>();
  for (const [title, times] of titles)
    for (const word of wordsIn(normaliseTitle(title))) came.set(word, (came.get(word) ?? 0) + times);
  const wordAt = new Map<number, string>();
  const inOrder = [...came].sort(([a, ofA], [b, ofB]) => ofB - ofA || (a < b ? -1 : 1));
  for (const [word] of inOrder) {
    const place = placeOf(word, TITLE_PLACES);
    if (!wordAt.has(place)) wordAt.set(place, word);
  }
  return wordAt;
}
