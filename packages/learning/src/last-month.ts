import type { ScoredIncident } from "./issue-predictions.ts";

/**
 * A past prediction as it was issued, with the alert type's historical rate. `openedAt`: milliseconds since the epoch.
 */
export type ScoredBeside = Pick<ScoredIncident, "probability" | "rate" | "label"> & {
  readonly openedAt: number;
};

const MONTH_MS = 30 * 86_400_000;

/** The scored predictions of the last 30 days of a past: enough to inspect, and little to store. */
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
