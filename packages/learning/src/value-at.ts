/** The value at an index that must exist. Throws RangeError for an invalid index. */
export function valueAt<T>(values: ArrayLike<T>, index: number): T {
  const value = values[index];
  if (value === undefined) throw new RangeError(`there is nothing at ${index} of ${values.length}`);
  return value;
}
