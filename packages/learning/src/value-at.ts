/** The value at a place that must be there. Throws RangeError for an index that is wrong. */
export function valueAt<T>(values: ArrayLike<T>, index: number): T {
  const value = values[index];
  if (value === undefined) throw new RangeError(`there is nothing at ${index} of ${values.length}`);
  return value;
}
