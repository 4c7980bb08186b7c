import { outOfRange } from "@mrdata/base";
import type { Codes } from "./codes.ts";

/** A value that came less often shows no rule. */
const OFTEN = 20;
/** Natural logarithm of how unlikely chance must be: one in a million. */
const SURELY = Math.log(1e6);

/**
 * In how much of the rows there is a value that came with one outcome alone, although by their alert types those rows had
 * both to expect. Where an alert always went one way its values did so, too, and say nothing by it.
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
