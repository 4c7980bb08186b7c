import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findAgents, type PastIncident, timerStopsOf } from "./find-agents.ts";

const HOUR = 3_600_000;
const START = Date.parse("2026-02-01T00:00:00Z");
type Act = {
  readonly user: string;
  readonly afterSeconds: number;
  readonly type?: PastIncident["events"][number]["type"];
};

/** An incident every `everyHours` hours, with the actions on it. */
const month = (
  actsOf: (i: number, openedAt: number) => readonly Act[],
  { count = 120, everyHours = 5, service = (_: number): string => "PDATABASE" } = {},
): readonly PastIncident[] =>
  Array.from({ length: count }, (_, i) => {
    const openedAt = START + i * everyHours * HOUR;
    return {
      incident: `Q${i}`,
      service: service(i),
      openedAt,
      events: [
        { type: "triggered", actor: "integration", actorId: "I1", occurredAt: openedAt },
        ...actsOf(i, openedAt).map(({ user, afterSeconds, type = "acknowledged" }) => ({
          type,
          actor: user === "PBOT" ? ("bot" as const) : ("human" as const),
          actorId: user,
          occurredAt: openedAt + afterSeconds * 1000,
        })),
        { type: "resolved", actor: "integration", actorId: "I1", occurredAt: openedAt + 20 * 60_000 },
      ],
    };
  });
const found = (history: readonly PastIncident[]) => findAgents(history).map(({ user }) => user);
const hourOf = (at: number) => (at / HOUR) % 24;

describe("an account is proposed as a program's", () => {
  test("that acts within seconds, at all hours, on most incidents, with the evidence", () => {
    const history = month((i) =>
      i % 4 === 0
        ? []
        : [{ user: "PSRE", afterSeconds: 20 + (i % 40), type: i % 3 === 0 ? "annotated" : "acknowledged" }],
    );
    expect(findAgents(history)).toEqual([
      {
        user: "PSRE",
        actedOn: 90,
        opened: 119,
        medianDelayMs: expect.any(Number),
        quickShare: 1,
        actions: [
          { type: "acknowledged", count: 60 },
          { type: "annotated", count: 30 },
        ],
      },
    ]);
    expect(findAgents(history)[0]?.medianDelayMs).toBeLessThan(60_000);
  });

  test.each([
    ["polls every minute", () => [{ user: "PSRE", afterSeconds: 61 }]],
    ["writes notes alone", () => [{ user: "PSRE", afterSeconds: 5, type: "annotated" as const }]],
    ["resolves", () => [{ user: "PSRE", afterSeconds: 90, type: "resolved" as const }]],
    [
      "stands beside people",
      () => [
        { user: "PSRE", afterSeconds: 9 },
        { user: "PROBIN", afterSeconds: 600 },
      ],
    ],
    ["is slow now and then", (i: number) => [{ user: "PSRE", afterSeconds: i % 12 === 0 ? 900 : 15 }]],
  ])("that %s", (_, actsOf) => {
    expect(found(month(actsOf))).toEqual(["PSRE"]);
  });

  test("that acts on one service of many, or started in the middle of the month", () => {
    const one = month((i) => (i % 3 === 0 ? [{ user: "PSRE", afterSeconds: 30 }] : []), {
      service: (i) => (i % 3 === 0 ? "PDATABASE" : "PSHOP"),
    });
    expect(found(one)).toEqual(["PSRE"]);
    expect(found(month((i) => (i > 60 ? [{ user: "PSRE", afterSeconds: 30 }] : [])))).toEqual(["PSRE"]);
  });
});

describe("no account is proposed", () => {
  test.each([
    [
      "a quick person by day",
      (_: number, at: number) =>
        hourOf(at) >= 8 && hourOf(at) < 18 ? [{ user: "PROBIN", afterSeconds: 40 }] : [],
    ],
    [
      "a quick person with two shifts of twelve hours that never sleeps by night alone",
      (_: number, at: number) => (hourOf(at) < 12 ? [{ user: "PROBIN", afterSeconds: 40 }] : []),
    ],
    [
      "people in turns",
      (_: number, at: number) => [{ user: `P${Math.floor(hourOf(at) / 6)}`, afterSeconds: 40 }],
    ],
    ["a person at all hours who needs minutes", () => [{ user: "PROBIN", afterSeconds: 240 }]],
    ["somebody who acts on few", (i: number) => (i % 3 === 0 ? [{ user: "PROBIN", afterSeconds: 10 }] : [])],
    ["the bot itself", () => [{ user: "PBOT", afterSeconds: 1, type: "annotated" as const }]],
    ["nobody", () => []],
  ])("for %s", (_, actsOf) => {
    expect(found(month(actsOf))).toEqual([]);
  });

  test("from too little history", () => {
    expect(found(month(() => [{ user: "PSRE", afterSeconds: 5 }], { count: 19 }))).toEqual([]);
  });

  test("for people who sleep six hours a day, however they work", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 3_600 })),
        (asleep, delays) => {
          const history = month((_, at) =>
            Math.floor(hourOf(at) / 6) === asleep
              ? []
              : [{ user: "PROBIN", afterSeconds: delays.next().value ?? 1 }],
          );
          expect(found(history)).toEqual([]);
        },
      ),
    );
  });
});

test("acknowledgements and reassignments by these accounts within the window stop PagerDuty's timer, counted once per incident", () => {
  const acts: Readonly<Record<number, readonly Act[]>> = {
    0: [
      { user: "PSRE", afterSeconds: 30 },
      { user: "PSRE", afterSeconds: 40, type: "reassigned" },
    ],
    1: [{ user: "PSRE", afterSeconds: 299, type: "reassigned" }],
    2: [{ user: "PSRE", afterSeconds: 301 }],
    3: [{ user: "PSRE", afterSeconds: 10, type: "annotated" }],
    4: [{ user: "PROBIN", afterSeconds: 10 }],
    5: [{ user: "PSYNC", afterSeconds: 10 }],
  };
  const history = month((i) => acts[i] ?? [], { count: 12, service: (i) => (i < 6 ? "PDATABASE" : "PSHOP") });
  const of = (service: string) =>
    Object.fromEntries(timerStopsOf(history, { service, windowMs: 300_000, accounts: ["PSRE", "PSYNC"] }));
  expect(of("PDATABASE")).toEqual({ PSRE: 2, PSYNC: 1 });
  expect(of("PSHOP")).toEqual({});
});
