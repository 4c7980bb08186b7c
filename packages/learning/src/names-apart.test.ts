import { expect, test } from "vitest";
import { someHistory } from "./history.fixture.ts";
import { haveNamesApart } from "./names-apart.ts";

const titled = (titleOf: (i: number) => string) =>
  someHistory(200, { noise: false }).map((past, i) => ({ ...past, title: titleOf(i) }));

test.each([
  ["numbered categories", (i: number) => `Category ${i % 40}: symptom ${i % 7}`, true],
  ["the sites of a monitor", (i: number) => `https://site-${i % 9}.example.com is down`, true],
  [
    "one alarm a type, seldom another number",
    (i: number) => `Shop is down (HTTP ${i % 5 === 0 ? 503 : 0})`,
    false,
  ],
  ["measured values and pods", (i: number) => `Pod web-7b9q${"bcdfg"[i % 5]} has ${i}.5 % left`, false],
] as const)("of %s", (_, titleOf, apart) => {
  expect(haveNamesApart(titled(titleOf))).toBe(apart);
});
