import type { TreeModel } from "@mrdata/forest";
import { expect, test } from "vitest";
import { featureTable } from "./feature-table.ts";
import { learntRanges, outsideOf } from "./learnt-range.ts";

const details = { numbers: ["load"], texts: [] };
const names = featureTable(details).map(({ name }) => name);
const load = names.indexOf("details.load");

/** A tree that splits the load at both thresholds. */
const splitting = (feature: number, low: number, high: number): TreeModel => ({
  kind: "boosting",
  features: names.length,
  base: 0,
  roots: Int32Array.of(0),
  feature: Int32Array.of(feature, -1, feature, -1, -1),
  threshold: Float32Array.of(low, 0, high, 0, 0),
  left: Int32Array.of(1, -1, 3, -1, -1),
  defaultLeft: new Uint8Array(5),
  value: new Float32Array(5),
  cover: new Float32Array(5),
});

test("names features far beyond the outermost splits, and no nearer, missing or unused ones", () => {
  const outside = outsideOf({ model: splitting(load, 10, 20), details });
  expect(outside({ "details.load": 500 })).toEqual(["its load"]);
  expect(outside({ "details.load": -500 })).toEqual(["its load"]);
  expect(outside({ "details.load": 39 })).toEqual([]);
  expect(outside({ "details.load": 41 })).toEqual(["its load"]);
  expect(outside({ "details.load": null })).toEqual([]);
  expect(outside({ "alert-type.opened1h": 500 })).toEqual([]);
});

test("uses the training range where a version has it: splits close together do not make a seen value unusual", () => {
  const columns = names.map(() => Float32Array.of(Number.NaN, Number.NaN, Number.NaN));
  columns[load] = Float32Array.of(-40, Number.NaN, 60);
  const ranges = learntRanges({ columns });
  expect(ranges[load]).toEqual([-40, 60]);
  expect(ranges[0]).toBeNull();
  const outside = outsideOf({ model: splitting(load, 10, 12), details, ranges });
  expect(outside({ "details.load": -40 })).toEqual([]);
  expect(outside({ "details.load": 109 })).toEqual([]);
  expect(outside({ "details.load": 111 })).toEqual(["its load"]);
  expect(outside({ "details.load": -91 })).toEqual(["its load"]);
  // What the model does not look at may be as it likes.
  expect(outsideOf({ model: splitting(0, 1, 2), details, ranges })({ "details.load": 111 })).toEqual([]);
});

test("a share or a time has an end of its own and is never out of range", () => {
  const share = names.indexOf("alert-type.rateEver");
  const outside = outsideOf({ model: splitting(share, 0.1, 0.2), details });
  expect(outside({ "alert-type.rateEver": 99 })).toEqual([]);
});
