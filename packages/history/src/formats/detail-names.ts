import { isKnownAfterwards } from "@mrdata/learning";

type DetailNames = {
  /** What is told otherwise, or is no detail of an alarm. */
  readonly others: ReadonlySet<string>;
  /** What this format's rows tell as it is by now, beside what says so by its name. */
  readonly afterwards?: ReadonlySet<string>;
  readonly keeps: (name: string) => boolean;
  readonly onLeftOut: (name: string) => void;
};

/**
 * Chooses among the names of a row's columns those that are details: not those that are told otherwise, and not what is only
 * known afterwards, which is told to `onLeftOut` unless it is kept.
 */
export function detailNames({
  others,
  afterwards = new Set(),
  keeps,
  onLeftOut,
}: DetailNames): (names: readonly string[]) => readonly string[] {
  const known = new Map<string, boolean>();
  const isDetail = (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const isTold = others.has(name);
    const isLate = !isTold && (afterwards.has(name) || isKnownAfterwards(name)) && !keeps(name);
    if (isLate) onLeftOut(name);
    const is = !isLate && !isTold;
    known.set(name, is);
    return is;
  };
  return (names) => names.filter(isDetail);
}
