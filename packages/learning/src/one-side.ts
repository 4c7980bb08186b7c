/**
 * The remark on a past in which all scored incidents ended alike: no AUC exists then. `baseRate` is the share that
 * resolved itself, `uncertified` why nothing can be certified. Null where there are both outcomes.
 */
export function remarkOfOneSide(baseRate: number, uncertified: string | null): string | null {
  if (baseRate === 0)
    return "Every incident of the past needed a human, as far as it is scored: there is nothing to hold. This version holds nothing.";
  return baseRate === 1 ? uncertified : null;
}
