/**
 * Used after `??` where a value cannot be missing: `values[i] ?? outOfRange()`. A wrong index is a programming
 * error, and a default would continue with a made-up number. In inner loops use it in place of a function around the access:
 * a function shared by every loop sees arrays of all kinds (megamorphic), and is then slow for each.
 *
 * @throws RangeError always.
 *
 * @example
 * ```ts
 * const values = Float64Array.of(1, 2);
 * values[1] ?? outOfRange(); // => 2
 * values[2] ?? outOfRange(); // throws RangeError
 * ```
 */
export function outOfRange(): never {
  throw new RangeError("an index is outside of its list: this is an error of the program");
}

/**
 * The item at an index that must exist; a negative index counts from the end.
 *
 * @throws RangeError naming the index and the length.
 *
 * @example
 * ```ts
 * itemAt(["a", "b"], -1); // => "b"
 * itemAt(["a", "b"], 2); // throws RangeError
 * ```
 */
export function itemAt<T>(list: readonly T[], index: number): T {
  const item = list.at(index);
  if (item === undefined) throw new RangeError(`there is no item ${index} in a list of ${list.length}`);
  return item;
}
