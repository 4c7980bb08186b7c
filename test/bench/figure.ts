/** One measured figure. `goal` is null where none is set, and then so is `holds`. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number | null;
  readonly holds: boolean | null;
};

const round = (value: number): number => Number(value.toPrecision(4));

export const atLeast = (name: string, value: number, unit: string, goal: number): Figure => ({
  name,
  value: round(value),
  unit,
  goal,
  holds: value >= goal,
});
export const atMost = (name: string, value: number, unit: string, goal: number): Figure => ({
  name,
  value: round(value),
  unit,
  goal,
  holds: value <= goal,
});
export const aside = (name: string, value: number, unit: string): Figure => ({
  name,
  value: round(value),
  unit,
  goal: null,
  holds: null,
});

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
