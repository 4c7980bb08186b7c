import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allWell, type Check } from "./check.ts";
import { policySafety } from "./policy-safety.ts";
import { BOT, facts, HOUR, level, MINUTE, NOW, policy, service } from "./safety.fixture.ts";

const failing = (checks: readonly Check[]) =>
  checks.filter(({ needed, state }) => needed && state !== "ok").map(({ name }) => name);

describe("policySafety", () => {
  test("passes with the bot alone on level 1 and people on level 2", () => {
    const checks = policySafety(facts());
    expect(failing(checks)).toEqual([]);
    expect(allWell(checks)).toBe(true);
    expect(checks.every(({ fix, state }) => (fix === null) === (state === "ok"))).toBe(true);
  });

  test.each([
    [
      "a person beside the bot",
      { levels: [level(5, { users: [BOT, "PROBIN"] }), level(15, { users: ["PALEX"] })] },
      ["level-1"],
    ],
    [
      "the bot not on level 1",
      { levels: [level(5, { users: ["PROBIN"] }), level(15, { users: ["PALEX"] })] },
      ["level-1"],
    ],
    [
      "the bot on level 2 as well",
      { levels: [level(5, { users: [BOT] }), level(15, { users: [BOT, "PALEX"] })] },
      ["bot-levels"],
    ],
    [
      "level 2 of a program alone",
      { levels: [level(5, { users: [BOT] }), level(15, { users: ["PROGRAM"] })] },
      ["level-2", "level-2-gaps"],
    ],
    ["no level 2", { levels: [level(5, { users: [BOT] })] }, ["level-2"]],
    ["an empty level 2", { levels: [level(5, { users: [BOT] }), level(15, {})] }, ["level-2"]],
    [
      "half an hour",
      { levels: [level(30, { users: [BOT] }), level(15, { users: ["PALEX"] })] },
      ["level-1-timeout", "window"],
    ],
    [
      "not the model's window",
      { levels: [level(10, { users: [BOT] }), level(15, { users: ["PALEX"] })] },
      ["window"],
    ],
  ])("names %s", (_, change, names) => {
    expect(failing(policySafety(facts({ policy: policy(change) })))).toEqual(names);
  });

  test("distinguishes a future gap of level 2 from a level that reaches nobody now", () => {
    const onSchedule = policy({
      levels: [level(5, { users: [BOT] }), level(15, { schedules: ["PPRIMARY"] })],
    });
    const roster = (...shifts: readonly (readonly [string, number, number])[]) =>
      new Map([
        [
          "PPRIMARY",
          {
            name: "Primary",
            shifts: shifts.map(([user, from, to]) => ({
              user,
              start: NOW + from * HOUR,
              end: NOW + to * HOUR,
            })),
          },
        ],
      ]);
    const found = (rosters: ReturnType<typeof roster>) =>
      failing(policySafety(facts({ policy: onSchedule, rosters })));
    expect(found(roster(["PROBIN", -5, 200], ["PALEX", 200, 400]))).toEqual([]);
    expect(found(roster(["PROBIN", -5, 200], ["PALEX", 203, 400]))).toEqual(["level-2-gaps"]);
    expect(found(roster(["PROBIN", 1, 400]))).toEqual(["level-2", "level-2-gaps"]);
    expect(found(roster())).toEqual(["level-2", "level-2-gaps"]);
    // The bot's own turn wakes nobody.
    expect(found(roster(["PROBIN", -5, 200], [BOT, 200, 400]))).toEqual(["level-2-gaps"]);
    const gap = policySafety(
      facts({ policy: onSchedule, rosters: roster(["PROBIN", -5, 2], ["PALEX", 5, 400]) }),
    );
    expect(gap.find(({ name }) => name === "level-2-gaps")).toMatchObject({
      sentence:
        "Level 2 of Database, Mr Data first (PARMED) reaches nobody from 2026-03-02 05:00 UTC until 2026-03-02 08:00 UTC.",
      fix: "In PagerDuty, close the gap in Primary (PPRIMARY): add a shift, a layer or an override from 2026-03-02 05:00 UTC until 2026-03-02 08:00 UTC.",
    });
  });

  test("unreadable facts are unknown, not safe", () => {
    const onSchedule = policy({
      levels: [level(5, { users: [BOT] }), level(15, { schedules: ["PPRIMARY"] })],
    });
    const checks = policySafety(
      facts({ policy: onSchedule, botPolicies: null, botSchedules: null, fallback: null }),
    );
    const states = checks.filter(({ state }) => state === "unknown").map(({ name }) => name);
    expect(states).toEqual(["bot-policies", "bot-schedules", "level-2", "fallback-policy"]);
    expect(allWell(checks)).toBe(false);
  });

  test("fails for the bot on another policy that an unarmed service uses", () => {
    const other = policy({ id: "POTHER", services: [{ id: "PSHOP", name: "Shop" }] });
    const found = (armedServices: readonly string[], botPolicies = [policy(), other]) =>
      failing(policySafety(facts({ botPolicies, armedServices })));
    expect(found([])).toEqual(["bot-policies"]);
    expect(found(["PSHOP"])).toEqual([]);
    // Prepared, not in use: delays nothing.
    expect(found([], [policy(), policy({ id: "POTHER" })])).toEqual([]);
    const late = policy({
      id: "POTHER",
      levels: [level(5, { users: ["PALEX"] }), level(5, { users: [BOT] })],
    });
    expect(found([], [policy(), late])).toEqual(["bot-policies"]);
  });

  test("fails for the bot on a schedule", () => {
    expect(failing(policySafety(facts({ botSchedules: [{ id: "PPRIMARY", name: "Primary" }] })))).toEqual([
      "bot-schedules",
    ]);
  });

  test.each([
    ["unset", "unset"],
    ["missing", "missing"],
    ["the armed policy itself", policy()],
    ["with the bot on it", policy({ id: "PFALLBACK" })],
    ["empty", policy({ id: "PFALLBACK", levels: [level(5, {})] })],
    ["of programs", policy({ id: "PFALLBACK", levels: [level(5, { users: ["PROGRAM"] })] })],
  ] as const)("a fallback policy that is %s", (_, fallback) => {
    expect(failing(policySafety(facts({ fallback })))).toEqual(["fallback-policy"]);
  });

  test.each([
    ["low urgency", service({ urgencyRule: { type: "constant", urgency: "low" } }), "urgency"],
    ["severity", service({ urgencyRule: { type: "constant", urgency: "severity_based" } }), "urgency"],
    ["support hours", service({ urgencyRule: { type: "use_support_hours", urgency: null } }), "urgency"],
    [
      "a telephone line",
      service({
        integrations: [{ id: "PCALL", type: "inbound_integration_reference", name: "Live Call Routing" }],
      }),
      "live-call-routing",
    ],
  ])("a service with %s", (_, found, name) => {
    expect(failing(policySafety(facts({ services: [{ service: found, suspension: null }] })))).toEqual([
      name,
    ]);
  });

  test("suspensions before an incident opens add to the window and are reported without failing", () => {
    const services = [{ service: service({ autoPause: 2 * MINUTE }), suspension: 3 * MINUTE }];
    const checks = policySafety(facts({ services }));
    expect(failing(checks)).toEqual([]);
    expect(checks.find(({ name }) => name === "suspension")?.sentence).toBe(
      "Before an incident of Database (PDATABASE) reaches people it may take 10 minutes: auto-pause 2 minutes + event orchestration 3 minutes + window 5 minutes.",
    );
  });

  test("for any policy, safe means that PagerDuty itself reaches a person within fifteen minutes", () => {
    const ids = [BOT, "PROBIN", "PALEX", "PROGRAM"];
    const anyLevel = fc
      .record({
        timeout: fc.constantFrom(5, 15, 16),
        users: fc.uniqueArray(fc.constantFrom(...ids), { maxLength: 2 }),
      })
      .map(({ timeout, users }) => level(timeout, { users }));
    fc.assert(
      fc.property(fc.array(anyLevel, { maxLength: 4 }), fc.constantFrom(5, 15, 16), (levels, window) => {
        const made = policy({ levels });
        const checks = policySafety(facts({ policy: made, windowMs: window * MINUTE }));
        const [first, second] = levels;
        const safe =
          first?.targets.length === 1 &&
          first.targets[0] === BOT &&
          first.timeout <= 15 * MINUTE &&
          first.timeout === window * MINUTE &&
          (second?.users.some((user) => user === "PROBIN" || user === "PALEX") ?? false) &&
          levels.slice(1).every(({ targets }) => !targets.includes(BOT));
        expect(allWell(checks)).toBe(safe);
      }),
      { numRuns: 1_000 },
    );
  });
});
