import type { PastIncident } from "@mrdata/incident";
import { describe, expect, it } from "vitest";
import { START } from "../history.fixture.ts";
import { learntNameColumn, namesLearnt } from "./learnt-name-column.ts";
import { learntNameIn } from "./learnt-names.ts";

const MINUTE = 60_000;
const WINDOW = 30 * MINUTE;
const history = Array.from({ length: 240 }, (_, i): PastIncident => {
  const heals = i % 2 === 0;
  const createdAt = START + i * 20 * MINUTE;
  return {
    id: `PINC${i}`,
    service: "PSVC001",
    title: `Disk usage over ${heals ? 80 : 95}%`,
    createdAt,
    resolvedAt: createdAt + (heals ? 5 : 90) * MINUTE,
    resolvedBy: heals ? "integration" : "human",
    acknowledgedAt: null,
    takenOverAt: null,
    mergedInto: null,
    urgency: "high",
    details: {},
  };
});

describe("the rate of a learnt name", () => {
  it("distinguishes what the listed name does not, once enough is known", () => {
    const column = learntNameColumn(history, WINDOW);
    expect(column.subarray(0, 50).every(Number.isNaN)).toBe(true);
    expect(column[238]).toBeGreaterThan(0.95);
    expect(column[239]).toBeLessThan(0.05);
  });

  it("uses nothing that was not known when the incident opened", () => {
    const column = learntNameColumn(history, WINDOW);
    for (const count of [60, 77, 150])
      expect(learntNameColumn(history.slice(0, count), WINDOW)).toEqual(column.slice(0, count));
  });

  it("is learnt of the latest alone, however long the past is", () => {
    const now = Number.POSITIVE_INFINITY;
    expect(namesLearnt(history, { windowMs: WINDOW, now }).kept).toHaveLength(1);
    expect(namesLearnt(history, { windowMs: WINDOW, now, latest: 4 }).kept).toEqual([]);
  });

  it("equals the value of a version made at that moment", () => {
    const column = learntNameColumn(history, WINDOW);
    // The first incident with a rate: a version made at that moment would know the same.
    const first = column.findIndex((rate) => !Number.isNaN(rate));
    const now = history[first]?.createdAt ?? 0;
    const find = learntNameIn(namesLearnt(history, { windowMs: WINDOW, now }));
    expect(Math.fround(find("PSVC001", history[first]?.title ?? "")?.rate ?? 0)).toBe(column[first]);
  });
});
