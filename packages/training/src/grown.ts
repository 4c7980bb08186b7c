/** Arrays that can grow: of numbers, at half as much again each time. */
export function grown<
  Numbers extends Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
>(numbers: Numbers, needed: number): Numbers;
export function grown(
  numbers: Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
  needed: number,
) {
  if (needed <= numbers.length) return numbers;
  const length = Math.max(needed, Math.ceil(1.5 * numbers.length));
  if (numbers instanceof Float64Array) return copied(numbers, new Float64Array(length));
  if (numbers instanceof Int32Array) return copied(numbers, new Int32Array(length));
  return copied(numbers, new Uint8Array(length));
}

function copied<Numbers extends Float64Array | Int32Array | Uint8Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
