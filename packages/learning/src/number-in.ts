/** The number that a value is, or that a text contains in writing; null for any other text. */
export function numberIn(value: string | number | undefined): number | null {
  if (typeof value === "number") return value;
  if (value === undefined || !/^\s*[-+]?\d+(\.\d+)?(e[-+]?\d+)?\s*$/iu.test(value)) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
