/** A percentage; a dash for null. */
export const percent = (share: number | null, digits = 1): string =>
  share === null ? "–" : `${(100 * share).toFixed(digits)} %`;
export const decimal = (value: number | null): string => (value === null ? "–" : value.toFixed(3));
/** 1,627 */
export const count = (value: number): string => Math.round(value).toLocaleString("en");
export const interval = (
  { low, high }: { readonly low: number; readonly high: number },
  of: (value: number) => string = decimal,
): string => `${of(low)} to ${of(high)}`;
/** A duration in the largest unit that divides it. */
export function duration(seconds: number): string {
  const units = [
    [86_400, "days"],
    [3_600, "hours"],
    [60, "minutes"],
  ] as const;
  const [size, unit] = units.find(([size]) => seconds >= size && seconds % size === 0) ?? [1, "seconds"];
  return `${seconds / size} ${seconds === size ? unit.slice(0, -1) : unit}`;
}
