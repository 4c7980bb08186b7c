import { outOfRange } from "@mrdata/base";
import type { Codes } from "./codes.ts";

/** A value that occurred less often shows no rule. */
const OFTEN = 20;
/** Natural logarithm of the maximum probability by chance: one in a million. */
const SURELY = Math.log(1e6);

/**
 * The share of rows with a value that occurred with one outcome only, although their alert types had both. Where an
 * alert always ended one way its values did so too, which proves nothing.
 */
export function pureShare(values: Codes, types: Codes, labels: Int8Array): number {
  const ofType = tallies(types, labels);
  const ofValue = tallies(values, labels);
  const surprise = new Float64Array(values.count);
  let rows = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? -1;
    if (label < 0) continue;
    rows++;
    const type = types.codes[i] ?? outOfRange();
    const value = values.codes[i] ?? outOfRange();
    const same =
      label === 1
        ? (ofType.positive[type] ?? outOfRange())
        : (ofType.rows[type] ?? outOfRange()) - (ofType.positive[type] ?? outOfRange());
    surprise[value] =
      (surprise[value] ?? outOfRange()) - Math.log((same + 1) / ((ofType.rows[type] ?? outOfRange()) + 2));
  }
  let pure = 0;
  for (let value = 0; value < values.count; value++) {
    const [all, positive] = [ofValue.rows[value] ?? outOfRange(), ofValue.positive[value] ?? outOfRange()];
    const isPure = positive === 0 || positive === all;
    if (isPure && all >= OFTEN && (surprise[value] ?? outOfRange()) >= SURELY) pure += all;
  }
  return rows === 0 ? 0 : pure / rows;
}

function tallies({ codes, count }: Codes, labels: Int8Array) {
  const rows = new Float64Array(count);
  const positive = new Float64Array(count);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? -1;
    if (label < 0) continue;
    const code = codes[i] ?? outOfRange();
    rows[code] = (rows[code] ?? outOfRange()) + 1;
    positive[code] = (positive[code] ?? outOfRange()) + label;
  }
  return { rows, positive };
}
