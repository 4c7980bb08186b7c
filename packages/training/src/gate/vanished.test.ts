import { featureTable } from "@mrdata/learning";
import { expect, test } from "vitest";
import { vanishedFeatures } from "./vanished.ts";

const details = { numbers: ["load"], texts: [] };
const table = featureTable(details);
const place = table.findIndex(({ name }) => name === "details.load");

/** Columns of so many rows, in which a detail is told up to a row. */
const columnsOf = (rows: number, toldUpTo: number) =>
  table.map((_, k) =>
    Float32Array.from({ length: rows }, (_row, i) => (k !== place || i < toldUpTo ? 1 : Number.NaN)),
  );

test.each([
  [1_000, 900, ["details.load"]],
  [1_000, 901, []],
  [1_000, 0, []],
  [200, 150, ["details.load"]],
  [200, 151, []],
  [40, 10, []],
])("of %i rows, told up to row %i, what has vanished is %j", (rows, toldUpTo, vanished) => {
  expect(vanishedFeatures({ columns: columnsOf(rows, toldUpTo) }, details)).toEqual(vanished);
});
