import { featureTable } from "@mrdata/learning";
import { expect, test } from "vitest";
import { vanishedFeatures } from "./vanished.ts";

const details = { numbers: ["load"], texts: [] };
const table = featureTable(details);
const place = table.findIndex(({ name }) => name === "details.load");

/** Columns with the given number of rows, in which a detail has a value up to a row. */
const columnsOf = (rows: number, presentUpTo: number) =>
  table.map((_, k) =>
    Float32Array.from({ length: rows }, (_row, i) => (k !== place || i < presentUpTo ? 1 : Number.NaN)),
  );

test.each([
  [1_000, 900, ["details.load"]],
  [1_000, 901, []],
  [1_000, 0, []],
  [200, 150, ["details.load"]],
  [200, 151, []],
  [40, 10, []],
])("of %i rows, with values up to row %i, the vanished features are %j", (rows, presentUpTo, vanished) => {
  expect(vanishedFeatures({ columns: columnsOf(rows, presentUpTo) }, details)).toEqual(vanished);
});
