import { createRandom } from "@mrdata/forest";
import type { PastIncident } from "@mrdata/incident";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseColumns, detailColumns } from "../detail-columns.ts";
import { replayHistory } from "../replay.ts";
import { leaksAmong } from "./leaks-among.ts";

const MINUTE = 60_000;
const WINDOW = 10 * MINUTE;

type Draw = () => number;

/** Alarms with chances of their own, and honest details: a zone that matters some, and a load that matters little. */
function someHistory(count: number, seed: number): readonly PastIncident[] {
  const draw = createRandom(seed).next;
  return Array.from({ length: count }, (_, i) => {
    const kind = Math.floor(draw() * 8);
    const zone = Math.floor(draw() * 4);
    const load = 50 + 30 * draw();
    const heals = draw() < 0.15 + 0.07 * kind + 0.06 * zone + 0.002 * load;
    const byHuman = !heals && draw() < 0.7;
    const createdAt = Date.parse("2026-01-01T00:00:00Z") + i * 47 * MINUTE;
    return {
      id: `I${i}`,
      service: kind % 2 === 0 ? "shop" : "search",
      title: `Alarm ${"abcdefgh".charAt(kind)} fires`,
      createdAt,
      resolvedAt: createdAt + (heals ? 1 + 8 * draw() : 12 + 200 * draw()) * MINUTE,
      resolvedBy: byHuman ? "human" : "integration",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: { zone: `zone-${zone}`, load: Math.round(load * 10) / 10 },
    };
  });
}

const healed = ({ createdAt, resolvedAt }: PastIncident): boolean => (resolvedAt ?? 0) - createdAt <= WINDOW;

/** Ways in which an export has an outcome in a column: what it says where the incident healed, and where it did not. */
const columns: Readonly<
  Record<string, (ended: boolean, draw: Draw, past: PastIncident) => string | number | null>
> = {
  word: (ended) => (ended ? "closed by monitoring" : "solved permanently"),
  bit: (ended) => (ended ? 1 : 0),
  people: (ended, draw) => (ended ? "event management" : `person ${Math.floor(draw() * 40)}`),
  rarely: (ended, draw) => `${ended ? "bot" : "person"} ${Math.floor(draw() * 150)}`,
  everybody: (ended, draw) => `${ended ? "bot" : "person"} ${Math.floor(draw() * 60)}`,
  filled: (ended) => (ended ? null : "yes"),
  seconds: (ended, draw) => (ended ? Math.floor(draw() * 600) : 720 + Math.floor(draw() * 9_000)),
  score: (ended, draw) => (ended ? 0.6 : 0) + 0.5 * draw(),
  parity: (ended, draw) => 2 * Math.floor(draw() * 20) + (ended ? 1 : 0),
  spread: (ended, draw) => (ended ? 100 + 10 * draw() : draw() < 0.5 ? 90 * draw() : 120 + 90 * draw()),
  byService: (ended, _, { service }) => (ended === (service === "shop") ? "left" : "right"),
  byAlarm: (ended, _, { title }) => (ended === "aceg".includes(title.charAt(6)) ? "left" : "right"),
};

const withColumn = (
  history: readonly PastIncident[],
  name: string,
  kind: string,
  noise: number,
  seed: number,
): readonly PastIncident[] => {
  const draw = createRandom(seed).next;
  return history.map((past) => {
    const ended = draw() < noise ? !healed(past) : healed(past);
    const value = columns[kind]?.(ended, draw, past) ?? null;
    return value === null ? past : { ...past, details: { ...past.details, [name]: value } };
  });
};

describe("a column that is computed from the outcome", () => {
  test("changes none of the used details, whatever its name, and is reported with the reason", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(columns)),
        fc.double({ min: 0, max: 0.05, noNaN: true }),
        fc
          .string({ minLength: 1, maxLength: 12 })
          .filter((name) => !["zone", "load", "__proto__"].includes(name)),
        fc.integer({ min: 1, max: 10_000 }),
        (kind, noise, name, seed) => {
          // As a backtest chooses: on the first six tenths of a thousand rows and more.
          const history = someHistory(1_000, seed).slice(0, 600);
          const before = chooseColumns(history, WINDOW);
          const after = chooseColumns(withColumn(history, name, kind, noise, seed + 1), WINDOW);
          expect(after.columns, `${kind} ${noise}`).toEqual(before.columns);
          expect(after.leftOut.map((one) => one.name)).toContain(name);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("changes no feature, and so no hold: training gives an identical model", () => {
    const history = someHistory(700, 3);
    const featuresOf = (of: readonly PastIncident[]) =>
      replayHistory(of, WINDOW, detailColumns(of.slice(0, 600), WINDOW)).columns;
    const before = featuresOf(history);
    for (const kind of Object.keys(columns))
      expect(featuresOf(withColumn(history, "verdict", kind, 0.03, 5)), kind).toEqual(before);
  });
});

test("a name that differs in nearly every row is recognised by its prefix", () => {
  const history = someHistory(1_000, 2_459).slice(0, 600);
  const told = withColumn(history, "hand", "rarely", 0.0436, 2_460);
  expect(chooseColumns(told, WINDOW).columns).toEqual(chooseColumns(history, WINDOW).columns);
  expect(chooseColumns(told, WINDOW).leftOut).toMatchObject([{ name: "hand" }]);
});

test("an honest column is not suspected, whether it matters or not", () => {
  for (const seed of [1, 2, 3, 4, 5])
    expect(chooseColumns(someHistory(1_000, seed), WINDOW).leftOut).toEqual([]);
});

test("an honest column as strong as the outcome is lost too, named, and comes back where it is kept", () => {
  const history = withColumn(someHistory(1_000, 9), "probe", "word", 0.02, 4);
  expect(chooseColumns(history, WINDOW).leftOut).toEqual([
    { name: "probe", reason: expect.stringMatching(/^it nearly decides .* \(AUC \.?\d/u) },
  ]);
  const kept = chooseColumns(history, WINDOW, (name) => name === "probe");
  expect(kept.leftOut).toEqual([]);
  expect(kept.kept).toEqual(chooseColumns(history, WINDOW).leftOut);
  expect(kept.columns.texts).toContain("probe");
});

test("a column that follows from the alert type is known at the opening, however much it reveals", () => {
  const history = someHistory(1_000, 2).map((past): PastIncident => {
    const heals = past.service === "shop";
    const title = heals ? "Latency is high" : "Payments are failing";
    const resolvedAt = past.createdAt + (heals ? 2 : 90) * MINUTE;
    return { ...past, title, resolvedAt, resolvedBy: "integration", details: { code: heals ? 1 : 2 } };
  });
  expect(leaksAmong(history, WINDOW)).toEqual([]);
});

test("a column recognisable only by name is left out by its name, also inside an object and in an old ledger", () => {
  const history = someHistory(300, 1).map((past) => ({
    ...past,
    details: { ...past.details, closeCode: "x", "alert.closed_by": "y" },
  }));
  expect(leaksAmong(history, WINDOW).map(({ name }) => name)).toEqual(["alert.closed_by", "closeCode"]);
});

test("a column filled in for incidents that are over and empty for open ones is left out", () => {
  const history = someHistory(400, 6).map((past, i): PastIncident => {
    const isOpen = i >= 390 && i % 2 === 0;
    return {
      ...past,
      ...(isOpen ? { resolvedAt: null, resolvedBy: null } : {}),
      details: { ...past.details, ...(isOpen ? {} : { team: `team-${i % 3}` }) },
    };
  });
  expect(leaksAmong(history, WINDOW)).toEqual([
    {
      name: "team",
      reason: "it is filled in for incidents that are over, and empty for those that are open",
    },
  ]);
  // One that everything lacks of late is none.
  const gone = history.map((past, i) => (i < 300 ? past : { ...past, details: { load: 1 } }));
  expect(leaksAmong(gone, WINDOW)).toEqual([]);
});

test("values that came with one outcome alone, where alerts of their kind had both", () => {
  const draw = createRandom(8).next;
  const history = someHistory(1_000, 8).map((past) => ({
    ...past,
    details: { ...past.details, ...(healed(past) && draw() < 0.4 ? { flag: "auto" } : { flag: "other" }) },
  }));
  expect(leaksAmong(history, WINDOW)).toEqual([
    { name: "flag", reason: expect.stringContaining("came with one outcome alone") },
  ]);
});

test("a column that reveals the outcome only together with another detail is left out, and one of the two is enough", () => {
  const draw = createRandom(5).next;
  const history = someHistory(1_000, 5).map((past) => {
    const isNorth = draw() < 0.5;
    const told = healed(past) === draw() < 0.97;
    return {
      ...past,
      details: { ...past.details, side: isNorth ? "n" : "s", mark: isNorth === told ? 1 : 0 },
    };
  });
  const left = leaksAmong(history, WINDOW);
  expect(left).toHaveLength(1);
  expect(left[0]?.reason).toMatch(
    /^it nearly decides whether an incident resolved itself \(AUC .* with (?:mark|side)/u,
  );
});

test.each([0, 0.05])(
  "a column that reveals the outcome only together with two other details is left out, with noise of %f",
  (noise) => {
    const draw = createRandom(6).next;
    const wholes = ["red", "green", "blue"] as const;
    const history = someHistory(1_000, 6).map((past) => {
      const [a, b] = [Math.floor(3 * draw()), Math.floor(3 * draw())];
      const told = healed(past) === draw() >= noise ? 1 : 0;
      // The third says nothing of the outcome beside either of the others.
      const c = (a + b + (told === 1 ? 0 : 1 + Math.floor(2 * draw()))) % 3;
      return {
        ...past,
        details: {
          ...past.details,
          hue: wholes[a] ?? "",
          lane: b,
          mark: `m${c}`,
          honest: Math.floor(4 * draw()),
        },
      };
    });
    const left = leaksAmong(history, WINDOW);
    expect(left).toHaveLength(1);
    expect(["hue", "lane", "mark"]).toContain(left[0]?.name);
    expect(left[0]?.reason).toMatch(
      /^it nearly decides whether an incident resolved itself \(AUC .* with \w+ and \w+, /u,
    );
  },
);

test("the end of an incident is recognised as a number or a text; its beginning or a due date is not", () => {
  const moments: Readonly<Record<string, (past: PastIncident) => string | number>> = {
    seconds: ({ resolvedAt }) => Math.floor((resolvedAt ?? 0) / 1_000),
    iso: ({ resolvedAt }) => new Date((resolvedAt ?? 0) + 5_000).toISOString(),
    began: ({ createdAt }) => createdAt - 2_000,
    due: ({ createdAt }) => new Date(createdAt + 24 * 60 * MINUTE).toISOString(),
  };
  const history = someHistory(300, 3).map((past) => ({
    ...past,
    details: {
      ...past.details,
      ...Object.fromEntries(Object.entries(moments).map(([name, of]) => [`m_${name}`, of(past)])),
    },
  }));
  expect(leaksAmong(history, WINDOW)).toEqual([
    { name: "m_iso", reason: "it tells when an incident was closed" },
    { name: "m_seconds", reason: "it tells when an incident was closed" },
  ]);
});
