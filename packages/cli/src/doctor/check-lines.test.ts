import { type Check, failed, ok } from "@mrdata/doctor";
import { expect, test } from "vitest";
import { checkLines, unwellNames } from "./check-lines.ts";

const plain = { bold: (text: string) => text, dim: (text: string) => text };
const checks: readonly Check[] = [
  ok({ name: "urgency", subject: "P1" }, "Every incident of A is of high urgency."),
  ok({ name: "urgency", subject: "P2" }, "Every incident of B is of high urgency."),
  failed({ name: "urgency", subject: "P3" }, "Incidents of C are of low urgency.", "Set it to high."),
  ok({ name: "repeats", needed: false }, "It does not repeat."),
  failed({ name: "policy-in-use", needed: false }, "D still uses it.", "Take it off."),
];

test("passing checks of the same name share a line, failing ones show their fix, and optional ones come last", () => {
  expect(checkLines(checks, plain)).toMatchInlineSnapshot(`
    [
      "ok       urgency        Every incident of A is of high urgency. (and 1 more like it)",
      "FAILED   urgency        Incidents of C are of low urgency.",
      "                        → Set it to high.",
      "",
      "Beside them, good to know:",
      "ok       repeats        It does not repeat.",
      "FAILED   policy-in-use  D still uses it.",
      "                        → Take it off.",
    ]
  `);
});

test("only required checks make it unhealthy", () => {
  expect(unwellNames(checks)).toEqual(["urgency"]);
});
