import type { ScoredIncident } from "./issue-predictions.ts";

/** The result of holding from one probability on. */
export type CoveragePoint = {
  readonly threshold: number;
  /** Share of all that would be held, and how often holding was right. */
  readonly coverage: number;
  readonly precision: number;
};

const POINTS = 100;

/**
 * Coverage against precision, from the highest probability down. It uses the outcomes: it shows what can be reached,
 * not what was.
 */
export function coverageCurve(
  scored: readonly Pick<ScoredIncident, "probability" | "label">[],
): readonly CoveragePoint[] {
  const sorted = scored.toSorted((a, b) => b.probability - a.probability);
  const step = Math.max(1, Math.floor(sorted.length / POINTS));
  const points: CoveragePoint[] = [];
  let right = 0;
  for (const [i, { probability, label }] of sorted.entries()) {
    right += label;
    const held = i + 1;
    if (held % step === 0 || held === sorted.length)
      points.push({ threshold: probability, coverage: held / sorted.length, precision: right / held });
  }
  return points;
}
