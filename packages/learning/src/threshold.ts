/** A past prediction whose label is known. */
export type LabelledPrediction = { readonly probability: number; readonly label: 0 | 1 };

export type ThresholdRule = {
  /** The minimum share of held incidents that must have resolved themselves. */
  readonly precision: number;
  /** The minimum number of past predictions. */
  readonly rows: number;
  /** The maximum share of incidents not resolving themselves that may be held: the miss budget. 1 is no limit. */
  readonly missBudget: number;
};

export const usualRule: ThresholdRule = { precision: 0.9, rows: 20, missBudget: 1 };

/**
 * The lowest probability, at least `lowest`, from which on the past predictions satisfy the rule; null where there is
 * none: nothing is then held. The lowest saves the most pages. Predictions with equal probability are treated together.
 */
export function chooseThreshold(
  issued: readonly LabelledPrediction[],
  { precision, rows, missBudget }: ThresholdRule = usualRule,
  lowest = Number.NEGATIVE_INFINITY,
): number | null {
  const sorted = issued.toSorted((a, b) => b.probability - a.probability);
  const real = issued.filter(({ label }) => label === 0).length;
  let right = 0;
  let best: number | null = null;
  for (const [i, { probability, label }] of sorted.entries()) {
    if (probability < lowest) break;
    right += label;
    if (sorted[i + 1]?.probability === probability) continue;
    const held = i + 1;
    const withinBudget = missBudget >= 1 || held - right <= missBudget * real;
    if (held >= rows && right >= precision * held && withinBudget) best = probability;
  }
  return best;
}

/** The results of a threshold on past predictions; shares are of all of them. */
export type HeldOfPast = {
  readonly predictions: number;
  readonly pagesSpared: number;
  readonly realDelayed: number;
};

export function heldFrom(issued: readonly LabelledPrediction[], threshold: number): HeldOfPast {
  const held = issued.filter(({ probability }) => probability >= threshold);
  const right = held.filter(({ label }) => label === 1).length;
  const share = (count: number) => (issued.length === 0 ? 0 : count / issued.length);
  return {
    predictions: issued.length,
    pagesSpared: share(right),
    realDelayed: share(held.length - right),
  };
}
