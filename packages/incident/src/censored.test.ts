import { describe, expect, test } from "vitest";
import { isCensored } from "./censored.ts";
import type { PastIncident } from "./past-incident.ts";

const MINUTE = 60_000;
const WINDOW = 5 * MINUTE;
const START = 1_770_000_000_000;
const closed = (by: PastIncident["resolvedBy"], minutes: number): PastIncident => ({
  id: "Q1",
  service: "PDATABASE",
  title: "Disk is full",
  createdAt: START,
  resolvedAt: START + minutes * MINUTE,
  resolvedBy: by,
  acknowledgedAt: null,
  takenOverAt: null,
  mergedInto: null,
  urgency: "high",
  details: {},
});

describe("the outcome is unknown", () => {
  test.each(["human", "automation", "agent", "bot"] as const)(
    "where %s closed it inside the window",
    (by) => {
      expect(isCensored(closed(by, 3), WINDOW)).toBe(true);
      expect(isCensored(closed(by, 5), WINDOW)).toBe(true);
      expect(isCensored({ ...closed(by, 3), acknowledgedAt: START + MINUTE }, WINDOW)).toBe(true);
    },
  );
  test("where it cleared during maintenance", () => {
    const during = { ...closed("integration", 3), maintenance: [{ start: START, end: START + MINUTE }] };
    expect(isCensored(during, WINDOW)).toBe(true);
  });
});

test.each([
  ["the monitor closed it", closed("integration", 3)],
  ["it was open when the window ended", closed("human", 6)],
  ["it is open still", { ...closed("human", 3), resolvedAt: null, resolvedBy: null }],
  ["a person took it over first", { ...closed("human", 3), takenOverAt: START + MINUTE }],
  ["it was merged", { ...closed("human", 3), mergedInto: "Q2" }],
  ["a person called it real", { ...closed("human", 3), feedback: { said: "real" as const, at: START } }],
  ["a person called it noise", { ...closed("human", 3), feedback: { said: "noise" as const, at: START } }],
])("it is known where %s", (_, past) => {
  expect(isCensored(past, WINDOW)).toBe(false);
});
