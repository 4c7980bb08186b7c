import { columnWords, type LeftOutColumn } from "@mrdata/learning";

/** True for columns named with `--keep-column`, in any spelling. */
export function keeperOf(names: readonly string[] = []): (name: string) => boolean {
  const kept = new Set(names.map(columnWords));
  return (name) => kept.has(columnWords(name));
}

/** Merges the columns left out by the file reader and by the training, without duplicates. */
export function allLeftOut(
  byReader: ReadonlyMap<string, string>,
  others: readonly LeftOutColumn[],
): readonly LeftOutColumn[] {
  const reasons = new Map(byReader);
  for (const { name, reason } of others) reasons.set(name, reasons.get(name) ?? reason);
  return [...reasons].map(([name, reason]) => ({ name, reason }));
}
