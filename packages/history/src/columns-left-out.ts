import { columnWords, type LeftOutColumn } from "@mrdata/learning";

/** True for the columns that were named with `--keep-column`, in any spelling. */
export function keeperOf(names: readonly string[] = []): (name: string) => boolean {
  const kept = new Set(names.map(columnWords));
  return (name) => kept.has(columnWords(name));
}

/** Those that a file's reader left out, and those that a training did, once each. */
export function allLeftOut(
  whileReading: ReadonlyMap<string, string>,
  others: readonly LeftOutColumn[],
): readonly LeftOutColumn[] {
  const told = new Map(whileReading);
  for (const { name, reason } of others) told.set(name, told.get(name) ?? reason);
  return [...told].map(([name, reason]) => ({ name, reason }));
}
