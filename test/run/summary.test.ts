import { expect, test } from "vitest";
import { type SuiteReport, summaryOf } from "./summary.ts";

const suiteOf = (name: string, change: Partial<SuiteReport> = {}): SuiteReport => ({
  name,
  passed: 3,
  failed: 0,
  failures: [],
  skipped: [],
  ...change,
});

test("names what failed below what was skipped, just above the counts", () => {
  const skipped = [{ test: "the emulator", reason: "no Java" }];
  const failures = ["a.test.ts: adds up", "b.test.ts"];
  const told = summaryOf([suiteOf("unit", { failed: 2, failures }), suiteOf("contract", { skipped })]);
  expect(told.split("\n")).toEqual([
    "",
    "Skipped:",
    "  contract: the emulator: no Java",
    "",
    "Failed:",
    "  unit: a.test.ts: adds up",
    "  unit: b.test.ts",
    "",
    "6 passed, 2 failed, 1 skipped",
    "suite unit ran 5 skipped 0",
    "suite contract ran 3 skipped 1",
    "",
  ]);
});

test("says nothing of what there is none of", () => {
  expect(summaryOf([suiteOf("unit")])).toBe("\n3 passed, 0 failed, 0 skipped\nsuite unit ran 3 skipped 0\n");
});
