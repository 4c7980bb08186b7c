import { itemAt, outOfRange } from "@mrdata/base";
import { aucOfCodes, type Codes, joined } from "./codes.ts";

/** For up to this many columns all triples are examined: 220 for twelve. */
const MAX_COLUMNS = 12;
/** The number of values kept per column, the most frequent ones; the rest is merged into one. */
const MAX_VALUES = 12;
/** Enough rows for this; from a longer history they are taken evenly. */
const MAX_ROWS = 4_000;

/** A column with its values as codes, over the same rows as all others. */
export type CodedColumn = { readonly name: string; readonly values: Codes };
export type Three = {
  readonly name: string;
  readonly beside: readonly [string, string];
  readonly auc: number;
  readonly base: number;
};

/**
 * A triple of columns that predicts the outcome as `isLeak` defines, given how well it does, and how well any two of
 * it, or the alert types, do without the third; null where there is none. The named column is the last of the three.
 */
export function threeTogether(
  columns: readonly CodedColumn[],
  types: Codes,
  labels: Int8Array,
  isLeak: (auc: number, base: number) => boolean,
): Three | null {
  const step = Math.max(1, labels.length / MAX_ROWS);
  const places = Array.from({ length: Math.floor(labels.length / step) }, (_, i) => Math.floor(i * step));
  const some = Int8Array.from(places, (place) => labels[place] ?? outOfRange());
  const ofTypes = aucOfCodes(codesAt(types, places), some);
  const coarse = columns
    .map(({ name, values }) => ({ name, codes: mostFrequent(codesAt(values, places)) }))
    .filter(({ codes }) => codes.count > 1)
    .slice(0, MAX_COLUMNS);
  const pairs = coarse.map((a, i) =>
    coarse.slice(0, i).map((b) => {
      const codes = joined(b.codes, a.codes);
      return { codes, auc: aucOfCodes(codes, some) };
    }),
  );
  for (const [i, a] of coarse.entries())
    for (let j = 0; j < i; j++)
      for (let k = 0; k < j; k++) {
        const first = pairAt(pairs, j, k);
        const auc = aucOfCodes(joined(first.codes, a.codes), some);
        const base = Math.max(ofTypes, first.auc, pairAt(pairs, i, j).auc, pairAt(pairs, i, k).auc);
        if (isLeak(auc, base))
          return { name: a.name, beside: [itemAt(coarse, k).name, itemAt(coarse, j).name], auc, base };
      }
  return null;
}

const pairAt = <T>(pairs: readonly (readonly T[])[], i: number, j: number): T => itemAt(itemAt(pairs, i), j);

const codesAt = ({ codes, count }: Codes, places: readonly number[]): Codes => ({
  codes: Int32Array.from(places, (place) => codes[place] ?? outOfRange()),
  count,
});

/** The most frequent values, and one code for all the others. */
function mostFrequent({ codes, count }: Codes): Codes {
  const times = new Uint32Array(count);
  for (const code of codes) times[code] = (times[code] ?? outOfRange()) + 1;
  const seen = [...times.keys()].filter((code) => (times[code] ?? outOfRange()) > 0);
  const kept = seen
    .sort((a, b) => (times[b] ?? outOfRange()) - (times[a] ?? outOfRange()) || a - b)
    .slice(0, MAX_VALUES);
  const places = new Map(kept.map((code, place) => [code, place]));
  const rest = kept.length;
  return {
    codes: codes.map((code) => places.get(code) ?? rest),
    count: seen.length > rest ? rest + 1 : rest,
  };
}
