import { expect, test } from "vitest";
import { featureTable } from "./feature-table.ts";
import { movedBy } from "./reasons.ts";

const table = featureTable({ numbers: [], texts: [] });
const rowWith = (values: Readonly<Record<string, number>>) =>
  Float32Array.from(table, ({ name }) => values[name] ?? Number.NaN);
const sentencesFor = (values: Readonly<Record<string, number>>) =>
  movedBy(
    table,
    rowWith(values),
    table.map(({ name }) => (values[name] === undefined ? 0 : 1)),
  ).map(({ sentence }) => sentence);

test("for a new alert the service's rate is not presented as its own", () => {
  const values = { "alert-type.seen": 0, "alert-type.rateEver": 0.67, "service.rateEver": 0.67 };
  expect(sentencesFor(values).join("\n")).not.toMatch(
    /this alert's incidents that resolved themselves is 67 %/,
  );
  expect(sentencesFor(values)).toContain(
    "the share of this alert's incidents that resolved themselves is not known",
  );
  expect(sentencesFor(values)).toContain(
    "the share of this service's incidents that resolved themselves is 67 %",
  );
});

test("of one that was seen it is", () => {
  expect(sentencesFor({ "alert-type.seen": Math.log1p(3), "alert-type.rateEver": 0.67 })).toContain(
    "the share of this alert's incidents that resolved themselves is 67 %",
  );
});
