import { outOfRange } from "@mrdata/base";
import { type Interval, wilsonInterval } from "@mrdata/learning";
import type { ReportIncident } from "./report-data.ts";

/** Predictions of similar probability: their mean, the observed share, and its 95 % interval. */
export type CalibrationBin = {
  readonly from: number;
  readonly to: number;
  readonly predicted: number;
  readonly observed: number;
  readonly count: number;
  readonly interval: Pick<Interval, "low" | "high">;
};

/** Narrower bins near the thresholds for holding. */
const EDGES = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.000_001];

/** The calibration of incidents that resolved themselves or needed a human: predicted probability against observed share. */
export function liveCalibration(all: readonly ReportIncident[]): readonly CalibrationBin[] {
  const known = all.flatMap(({ probability, outcome }) =>
    probability === null || (outcome !== "self-resolved" && outcome !== "needed-human")
      ? []
      : [{ probability, resolved: outcome === "self-resolved" }],
  );
  return EDGES.slice(1).flatMap((to, i): readonly CalibrationBin[] => {
    const from = EDGES[i] ?? outOfRange();
    const some = known.filter(({ probability }) => probability >= from && probability < to);
    if (some.length === 0) return [];
    const count = some.length;
    const predicted = some.reduce((sum, { probability }) => sum + probability, 0) / count;
    const observed = some.filter(({ resolved }) => resolved).length / count;
    const { low, high } = wilsonInterval(observed, count);
    return [{ from, to: Math.min(1, to), predicted, observed, count, interval: { low, high } }];
  });
}
