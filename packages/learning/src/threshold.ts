/** A prediction of the past whose label is known. */
export type LabelledPrediction = { readonly probability: number; readonly label: 0 | 1 };

export type ThresholdRule = {
  /** How often what is held must have resolved itself. */
  readonly precision: number;
  /** Over how many past predictions at least. */
  readonly rows: number;
  /** The share of incidents that did not resolve themselves which may be held: the miss budget. 1 is no limit. */
  readonly missBudget: number;
};

export const usualRule: ThresholdRule = { precision: 0.9, rows: 20, missBudget: 1 };

/**
 * The lowest probability, `lowest` at the least, from which on the past predictions keep the rule; null where there is
 * none: then nothing is held. The lowest saves the most pages. Predictions of one probability stand together.
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

/** What a threshold would have done with predictions of the past; shares are of all of them. */
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
