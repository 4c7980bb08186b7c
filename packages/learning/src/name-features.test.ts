import type { PastIncident } from "@mrdata/incident";
import { expect, test } from "vitest";
import { featureTable } from "./feature-table.ts";
import { replayHistory, rowOf } from "./replay.ts";

const MINUTE = 60_000;
const WINDOW = 5 * MINUTE;
const named = { numbers: [], texts: [], names: true } as const;

/** Forty outages an hour apart: HTTP 404 heals, HTTP 500 does not, on two sites in turn. */
const history = Array.from({ length: 40 }, (_, i): PastIncident => {
  const heals = i % 2 === 0;
  const createdAt = Date.parse("2026-03-02T03:00:00Z") + i * 60 * MINUTE;
  return {
    id: `P${i}`,
    service: "PSHOP",
    title: `Shop ${i % 4 < 2 ? "a" : "b"}.example.com answers HTTP ${heals ? 404 : 500}`,
    createdAt,
    resolvedAt: createdAt + (heals ? 2 : 40) * MINUTE,
    resolvedBy: "integration",
    acknowledgedAt: null,
    takenOverAt: null,
    mergedInto: null,
    urgency: "high",
    details: {},
  };
});

test("of each level of the name: the finest shows what the coarser ones cannot", () => {
  const replay = replayHistory(history, WINDOW, named);
  const names = featureTable(named).map(({ name }) => name);
  const at = (i: number, name: string) => rowOf(replay, i)[names.indexOf(name)] ?? Number.NaN;
  // The last of each: 404 on b, and 500 on b.
  for (const [i, healed] of [
    [38, true],
    [39, false],
  ] as const) {
    expect(at(i, "name.rateEver") > 0.8).toBe(healed);
    expect(at(i, "name.rateEver") < 0.2).toBe(!healed);
    expect(Math.expm1(at(i, "name.seen"))).toBeCloseTo(9);
    for (const coarse of ["kind.rateEver", "words.rateEver", "alert-type.rateEver"])
      expect(Math.abs(at(i, coarse) - 0.5)).toBeLessThan(0.1);
  }
});

test("are added before the words: features of earlier versions keep their names, and without names there are none", () => {
  const [before, after] = [{ numbers: [], texts: [] }, named].map((columns) =>
    featureTable(columns).map(({ name }) => name),
  );
  expect(after?.filter((name) => !/^(?:name|kind|words)\.[a-z]/u.test(name))).toEqual(before);
  expect(after?.at(-1)).toBe(before?.at(-1));
  expect(replayHistory(history, WINDOW, { numbers: [], texts: [] }).columns).toHaveLength(
    before?.length ?? 0,
  );
  expect(replayHistory(history, WINDOW, named).columns).toHaveLength(after?.length ?? 0);
});
