import { expect, test } from "vitest";
import { presenceOf, unlikeLearnt } from "./detail-presence.ts";
import { featureTable } from "./feature-table.ts";

const details = { numbers: ["load", "code"], texts: ["code", "zone", "late"] };
const table = featureTable(details);
/** Two rows: both have a zone, a code as a number or as a text; one has a load, none a `late`. */
const has = (feature: string, row: number): boolean => {
  if (feature.startsWith("details.late")) return false;
  if (feature === "details.load" || feature === "details.code") return row === 0;
  return true;
};
const columns = table.map(({ name }) =>
  Float32Array.from([0, 1], (row) => (has(name, row) ? 1 : Number.NaN)),
);

test("which details every learnt row had, and which none", () => {
  expect(presenceOf({ columns }, details)).toEqual({ code: "always", zone: "always", late: "never" });
});

test("a row that lacks what all had, or has what none had, is reported", () => {
  const unlike = unlikeLearnt({ details, presence: presenceOf({ columns }, details) });
  const row = (present: (feature: string) => boolean) =>
    Object.fromEntries(table.map(({ name }) => [name, present(name) ? 1 : null]));
  expect(unlike(row((feature) => has(feature, 0)))).toEqual([]);
  expect(unlike(row((feature) => has(feature, 1)))).toEqual([]);
  expect(unlike(row((feature) => has(feature, 0) && !feature.startsWith("details.zone")))).toEqual([
    "every incident that it learnt from had its zone, and this one has none",
  ]);
  expect(unlike(row((feature) => has(feature, 0) || feature.startsWith("details.late")))).toEqual([
    "no incident that it learnt from had a late, and this one has",
  ]);
  // Versions of earlier programs do not say.
  expect(unlikeLearnt({ details })(row(() => false))).toEqual([]);
});
