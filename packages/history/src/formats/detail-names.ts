import { isKnownAfterwards } from "@mrdata/learning";

type DetailNames = {
  /** Columns read elsewhere, or that are no details of an alarm. */
  readonly others: ReadonlySet<string>;
  /** Columns of this format with the current state, besides those that are recognised by name. */
  readonly afterwards?: ReadonlySet<string>;
  readonly keeps: (name: string) => boolean;
  readonly onLeftOut: (name: string) => void;
};

/**
 * Selects the columns of a row that are details: not those read elsewhere, and not those only known afterwards, which are reported to
 * `onLeftOut` unless they are kept.
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
    const isOther = others.has(name);
    const isLate = !isOther && (afterwards.has(name) || isKnownAfterwards(name)) && !keeps(name);
    if (isLate) onLeftOut(name);
    const isIncluded = !isLate && !isOther;
    known.set(name, isIncluded);
    return isIncluded;
  };
  return (names) => names.filter(isDetail);
}
