import { type Figure, median } from "./figure.ts";

/** A figure of both: medians of the rounds, and what it is now as a part of what it was. */
export type Compared = Pick<Figure, "name" | "unit"> & {
  readonly before: number;
  readonly now: number;
  /** Null where it was 0. */
  readonly ratio: number | null;
};

/** Figures that every round of both measured, in the order in which they are measured now. */
export function comparedFigures(
  before: readonly (readonly Figure[])[],
  now: readonly (readonly Figure[])[],
): readonly Compared[] {
  const [first = []] = now;
  return first.flatMap(({ name, unit }) => {
    const [old, own] = [valuesOf(name, before), valuesOf(name, now)];
    if (old === null || own === null) return [];
    const [was, is] = [median(old), median(own)];
    return [
      {
        name,
        unit,
        before: rounded(was),
        now: rounded(is),
        ratio: was === 0 ? null : Number((is / was).toPrecision(3)),
      },
    ];
  });
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** Null where a round has none. */
function valuesOf(name: string, rounds: readonly (readonly Figure[])[]): readonly number[] | null {
  const values = rounds.flatMap((round) => round.find((figure) => figure.name === name)?.value ?? []);
  return values.length === rounds.length && values.length > 0 ? values : null;
}
