import { expect, test } from "vitest";
import { featurePlace, featureTable, placeAmong } from "./feature-table.ts";
import { HISTORICAL_RATE, historicalRates } from "./historical-rate.ts";
import { valueAt } from "./value-at.ts";

const features = featureTable({ numbers: [], texts: [] });

test("a feature that is not there is an error, and no place", () => {
  expect(featurePlace(HISTORICAL_RATE)).toBe(placeAmong(features, HISTORICAL_RATE));
  const renamed = features.map((one) =>
    one.name === HISTORICAL_RATE ? { ...one, name: "alert-type.rate" } : one,
  );
  expect(() => placeAmong(renamed, HISTORICAL_RATE)).toThrow("there is no feature 'alert-type.rateEver'");
});

test("a table without the rates is no constant baseline", () => {
  const columns = features.map((_, place) => Float32Array.of(place));
  expect(historicalRates(columns)).toEqual(Float32Array.of(featurePlace(HISTORICAL_RATE)));
  expect(() => historicalRates(columns.slice(0, 1))).toThrow("'alert-type.rateEver'");
});

test("an index that is wrong is an error", () => {
  expect(valueAt([0, Number.NaN], 1)).toBeNaN();
  for (const index of [-1, 2, 0.5, Number.NaN])
    expect(() => valueAt(Float32Array.of(1, 2), index)).toThrow(RangeError);
});
