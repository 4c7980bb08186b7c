import { outOfRange } from "@mrdata/base";
import { createRandom } from "@mrdata/forest";

/** An estimate with the interval that 95 % of bootstrap samples fall into. */
export type Estimate = { readonly value: number; readonly low: number; readonly high: number };

/** Total number of rows drawn, to bound the time for long histories. */
const MAX_DRAWN = 40_000_000;
const MAX_SAMPLES = 200;
const MIN_SAMPLES = 50;

/**
 * Resamples the rows with replacement, and returns the 2.5 % and 97.5 % quantiles of each figure (Efron 1979). All
 * figures use the same draws.
 */
export function bootstrap<Name extends string>(
  rows: number,
  figures: Readonly<Record<Name, (drawn: Int32Array) => number>>,
  seed: number,
): (name: Name) => Estimate {
  const random = createRandom(seed);
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  const samples = Math.max(MIN_SAMPLES, Math.min(MAX_SAMPLES, Math.floor(MAX_DRAWN / Math.max(1, rows))));
  const draws = new Map<string, number[]>();
  const names = Object.keys(figures);
  const drawn = new Int32Array(rows);
  for (let sample = 0; sample < samples; sample++) {
    for (let i = 0; i < rows; i++) drawn[i] = random.below(rows);
    for (const [name, figure] of Object.entries<(drawn: Int32Array) => number>(figures)) {
      const list = draws.get(name) ?? [];
      list.push(figure(drawn));
      draws.set(name, list);
    }
  }
  for (const name of names) draws.get(name)?.sort((a, b) => a - b);
  return (name) => {
    const list = draws.get(name) ?? [];
    const at = (share: number) =>
      list[Math.min(list.length - 1, Math.floor(share * list.length))] ?? outOfRange();
    return { value: figures[name](all), low: at(0.025), high: at(0.975) };
  };
}
