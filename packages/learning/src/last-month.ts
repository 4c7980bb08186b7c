import type { ScoredIncident } from "./issue-predictions.ts";

/** A past prediction as it was issued, beside the alert type's own rate. `openedAt`: milliseconds since the epoch. */
export type ScoredBeside = Pick<ScoredIncident, "probability" | "rate" | "label"> & {
  readonly openedAt: number;
};

const MONTH_MS = 30 * 86_400_000;

/** What was scored in the last 30 days of a past: enough to look at, and little to keep. */
export function lastMonthOf(scored: readonly ScoredIncident[]): readonly ScoredBeside[] {
  const last = scored.reduce((latest, { incident }) => Math.max(latest, incident.createdAt), 0);
  return scored
    .filter(({ incident }) => incident.createdAt > last - MONTH_MS)
    .map(({ incident, probability, rate, label }) => ({
      openedAt: incident.createdAt,
      probability,
      rate,
      label,
    }));
}
