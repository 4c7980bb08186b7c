import { expect, test } from "vitest";
import { liveCalibration } from "./live-calibration.ts";
import { noisyMonitors } from "./noisy-monitors.ts";
import { NOW, someIncidents } from "./report-data.fixture.ts";
import type { ReportIncident } from "./report-data.ts";

const [one] = someIncidents(1);
if (one === undefined) throw new Error("there is one");
const DAY_MS = 86_400_000;

const woke = (alarm: string, daysAgo: number, minutes: number, change: Partial<ReportIncident> = {}) => {
  const openedAt = NOW - daysAgo * DAY_MS;
  return {
    ...one,
    alarm,
    openedAt,
    closedAt: openedAt + minutes * 60_000,
    outcome: "self-resolved" as const,
    result: "unneeded page" as const,
    ...change,
  };
};

test("monitors are ranked by how often, how recently and how long they page people, each independently", () => {
  const rank = (...all: readonly ReportIncident[]) => noisyMonitors(all, NOW).map(({ alarm }) => alarm);
  expect(rank(woke("once", 1, 10), woke("twice", 1, 10), woke("twice", 1, 10))).toEqual(["twice", "once"]);
  expect(rank(woke("old", 6, 10), woke("new", 1, 10))).toEqual(["new", "old"]);
  expect(rank(woke("short", 1, 6), woke("long", 1, 50))).toEqual(["long", "short"]);
});

test("incidents that needed a human or were held are no unneeded pages", () => {
  const all = [
    woke("real", 1, 10, { outcome: "needed-human", result: "correct page" }),
    woke("held", 1, 2, { result: "hit" }),
    woke("control", 1, 2, { result: "control" }),
  ];
  expect(noisyMonitors(all, NOW).map(({ alarm, wakings }) => [alarm, wakings])).toEqual([["control", 1]]);
});

test("calibration compares predicted with observed shares, for known outcomes only", () => {
  const of = (probability: number | null, outcome: ReportIncident["outcome"]) => ({
    ...one,
    probability,
    outcome,
  });
  const bins = liveCalibration([
    of(0.92, "self-resolved"),
    of(0.94, "needed-human"),
    of(0.91, "unknown"),
    of(null, "self-resolved"),
    of(1, "self-resolved"),
    of(0.1, null),
  ]);
  expect(bins.map(({ count, observed }) => [count, observed])).toEqual([
    [2, 0.5],
    [1, 1],
  ]);
  expect(bins[0]?.predicted).toBeCloseTo(0.93);
  expect(bins[0]?.interval.low).toBeLessThan(0.5);
});
