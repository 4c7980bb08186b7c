/**
 * Stands behind `??` where a value cannot be missing: `values[i] ?? outOfRange()`. An index that is wrong is an error of the
 * program, and a default would go on with a number that nobody measured. In place, and not as a function around the access, for
 * inner loops: a function that every loop calls reads arrays of all kinds, and is then slow for each.
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
 * The item at an index that has to be there, or a negative one from the end.
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
