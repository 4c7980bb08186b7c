import type { TrackRecordBuilder } from "@mrdata/incident";
import { featurePlace } from "./feature-table.ts";
import { subjectFeatures } from "./subject-features.ts";

/** The feature that contains it. */
export const HISTORICAL_RATE = "alert-type.rateEver";

const PLACE = featurePlace(HISTORICAL_RATE);

/**
 * The historical self-resolve rate (base rate) of the alert type: the share of its past incidents with a known outcome
 * that resolved themselves, pulled to that of its service while few were seen. From 0 to 1. The only definition: the
 * fallback answers it, a backtest's baseline is measured by it, and the learners start from it. Rounded to a float32,
 * as the features are, so that the served value is exactly the measured one. `at` in milliseconds since the epoch.
 */
export const historicalRate = (
  records: {
    readonly alertType: readonly TrackRecordBuilder[];
    readonly service: readonly TrackRecordBuilder[];
  },
  at: number,
): number =>
  Math.fround(subjectFeatures(records.alertType, at, subjectFeatures(records.service, at, null)).rateEver);

/** The same for every row of a feature table. Throws RangeError where the table has no such column. */
export function historicalRates(columns: readonly Float32Array[]): Float32Array {
  const rates = columns[PLACE];
  if (rates === undefined)
    throw new RangeError(
      `the features have ${columns.length} columns, and '${HISTORICAL_RATE}' is number ${PLACE}`,
    );
  return rates;
}
