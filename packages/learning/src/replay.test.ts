import { type PastIncident, selfResolved } from "@mrdata/incident";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { detailColumns, pickDetails } from "./detail-columns.ts";
import { featuresOf, featureTable, type Situation } from "./feature-table.ts";
import { someHistory } from "./history.fixture.ts";
import { replayHistory, rowOf } from "./replay.ts";

const WINDOW = 30 * 60_000;
const history = someHistory(300);
const columns = detailColumns(history, WINDOW);
const names = featureTable(columns).map(({ name }) => name);
const at = (row: Float32Array, name: string) => row[names.indexOf(name)];

describe("features", () => {
  test("do not know the future: whatever happens after an incident opened leaves its features unchanged", () => {
    const before = replayHistory(history, WINDOW, columns);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: history.length - 1 }),
        fc.integer({ min: 1, max: 10 * WINDOW }),
        fc.constantFrom<PastIncident["resolvedBy"]>("integration", "human", null),
        (cut, later, resolvedBy) => {
          const now = history[cut]?.createdAt ?? 0;
          // Everything that is not over yet ends otherwise, and what opens later is something else.
          const changed = history.map((incident, i): PastIncident => {
            if (i > cut) return { ...incident, title: "Another alarm", details: {} };
            if (incident.resolvedAt !== null && incident.resolvedAt <= now) return incident;
            return { ...incident, resolvedAt: resolvedBy === null ? null : now + later, resolvedBy };
          });
          const after = replayHistory(changed, WINDOW, columns);
          for (let i = 0; i <= cut; i++) expect(rowOf(after, i)).toEqual(rowOf(before, i));
        },
      ),
      { numRuns: 25 },
    );
  });

  test("cannot be made of the future: there is no field for it", () => {
    const situation: Situation = {
      openedAt: 0,
      urgency: "high",
      title: "disk full",
      values: {},
      alertType: [],
      service: [],
      texts: {},
      numbers: {},
      organisation: { hour: 0, day: 0, week: 0 },
      // @ts-expect-error how it ended is not part of a situation
      resolvedAt: 1,
    };
    expect(featuresOf(situation, columns)).toHaveLength(names.length);
  });

  test("of a service come from its own past: other services only change what opened anywhere", () => {
    const services = new Set(history.map(({ service }) => service));
    expect(services.size).toBeGreaterThan(1);
    const all = replayHistory(history, WINDOW, columns);
    const anywhere = names.flatMap((name, k) => (name.startsWith("organisation.") ? [k] : []));
    expect(anywhere).toHaveLength(3);
    const bare = (row: Float32Array) => row.filter((_, k) => !anywhere.includes(k));
    for (const service of services) {
      const alone = replayHistory(
        history.filter((incident) => incident.service === service),
        WINDOW,
        columns,
      );
      const places = all.incidents.flatMap((incident, i) => (incident.service === service ? [i] : []));
      for (const [n, i] of places.entries()) expect(bare(rowOf(alone, n))).toEqual(bare(rowOf(all, i)));
    }
    // In the last hour, day and week, whichever service it was on.
    for (const [i, { createdAt }] of all.incidents.entries())
      for (const [place, hours] of [1, 24, 168].entries()) {
        const opened = all.incidents
          .slice(0, i)
          .filter((one) => one.createdAt >= createdAt - hours * 3_600_000);
        expect(rowOf(all, i)[anywhere[place] ?? 0]).toBe(Math.fround(Math.log1p(opened.length)));
      }
  });

  test("change when the past does", () => {
    const [first] = history;
    if (first === undefined) throw new Error("no history");
    const changed = [
      { ...first, resolvedAt: first.createdAt + 1_000, resolvedBy: "integration" as const },
      ...history.slice(1),
    ];
    const [one, other] = [replayHistory(history, WINDOW, columns), replayHistory(changed, WINDOW, columns)];
    const last = history.length - 1;
    expect(rowOf(other, last)).not.toEqual(rowOf(one, last));
  });

  test("describe the alert's past", () => {
    const opened = (id: string, minutes: number, lasted: number): PastIncident => ({
      id,
      service: "PSVC0",
      title: "Disk 91% full",
      createdAt: 1_770_000_000_000 + minutes * 60_000,
      resolvedAt: 1_770_000_000_000 + (minutes + lasted) * 60_000,
      resolvedBy: "integration",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: {},
    });
    const none = { numbers: [], texts: [] };
    const replay = replayHistory(
      [opened("a", 0, 5), opened("b", 100, 90), opened("c", 300, 5)],
      WINDOW,
      none,
    );
    const table = featureTable(none).map(({ name }) => name);
    const feature = (i: number, name: string) => replay.columns[table.indexOf(name)]?.[i] ?? Number.NaN;
    expect(feature(0, "alert-type.seen")).toBe(0);
    expect(feature(0, "alert-type.sinceLast")).toBeNaN();
    expect(feature(1, "alert-type.seen")).toBeCloseTo(Math.log1p(1), 6);
    expect(feature(1, "alert-type.rateEver")).toBeGreaterThan(0.6);
    expect(feature(2, "alert-type.seen")).toBeCloseTo(Math.log1p(2), 6);
    expect(feature(2, "alert-type.rateEver")).toBeCloseTo(0.5, 1);
    expect(feature(2, "alert-type.opened24h")).toBeCloseTo(Math.log1p(2), 6);
    expect(feature(2, "organisation.hour")).toBe(0);
  });

  test("of details: numbers as they are, texts by the past of their value, few numbers also as a code", () => {
    expect(columns.numbers).toEqual(["load"]);
    expect(columns.texts).toContain("region");
    const replay = replayHistory(history, WINDOW, columns);
    const row = rowOf(replay, 200);
    expect(at(row, "details.load")).toBe(replay.incidents[200]?.details.load);
    expect(at(row, "details.region.opened7d")).toBeGreaterThan(0);
    // A machine's number: many recurring values, which predict outcomes or do not.
    const machines = (tells: boolean) =>
      someHistory(900, { noise: true }).map((incident, i) => {
        const itself = selfResolved(incident, WINDOW);
        return { ...incident, details: { node: ((tells && itself ? i % 45 : i % 90) * 7) % 100 } };
      });
    expect(detailColumns(machines(true), WINDOW)).toEqual({ numbers: ["node"], texts: ["node"] });
    expect(detailColumns(machines(false), WINDOW)).toEqual({ numbers: ["node"], texts: [] });
    // Measured numbers, some written as text and some invalid.
    const measured = (of: (i: number) => number | string) =>
      history.map((incident, i) => ({ ...incident, details: { ms: of(i) } }));
    const mostly = measured((i) => (i % 20 === 3 ? "timeout" : i % 2 === 0 ? i * 1.5 : String(i * 1.5)));
    const asNumbers = detailColumns(mostly, WINDOW);
    expect(asNumbers.numbers).toEqual(["ms"]);
    const ms = featureTable(asNumbers).findIndex(({ name }) => name === "details.ms");
    const seen = replayHistory(mostly, WINDOW, asNumbers);
    for (const [i, { details }] of seen.incidents.entries())
      expect(seen.columns[ms]?.[i]).toBe(details.ms === "timeout" ? Number.NaN : Number(details.ms));
    expect(pickDetails({ ms: "301.5" }, asNumbers).numbers).toEqual({ ms: 301.5 });
    expect(
      detailColumns(
        measured((i) => (i % 2 === 0 ? i : `host-${i}`)),
        WINDOW,
      ).numbers,
    ).toEqual([]);
    const ids = history.map((incident) => ({ ...incident, details: { trace: incident.id } }));
    expect(detailColumns(ids, WINDOW)).toEqual({ numbers: [], texts: [] });
  });

  test("of no detail that goes with how long incidents lasted, whatever it is called: it was written afterwards", () => {
    const leftOutNames = (of: (seconds: number, i: number) => number) =>
      detailColumns(
        history.map((one, i) => ({
          ...one,
          details: {
            load: (i * 37) % 1_000,
            x: of(((one.resolvedAt ?? one.createdAt) - one.createdAt) / 1_000, i),
          },
        })),
        WINDOW,
      ).numbers;
    expect(leftOutNames((seconds) => seconds)).toEqual(["load"]);
    expect(leftOutNames((seconds) => Math.round(seconds / 60))).toEqual(["load"]);
    expect(leftOutNames((seconds, i) => -seconds - (i % 9))).toEqual(["load"]);
    // A monitor's measurement at the opening may well correlate with the duration, and stays.
    expect(leftOutNames((seconds, i) => seconds + ((i * 7_919) % 20_000))).toEqual(["load", "x"]);
  });

  test("each have a name of their own and a sentence", () => {
    expect(new Set(names).size).toBe(names.length);
    for (const { sentence } of featureTable(columns)) expect(sentence).not.toContain("{}");
  });
});
