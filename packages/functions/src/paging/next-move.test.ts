import { describe, expect, test } from "vitest";
import { type MoveState, moveKey, nextMove } from "./next-move.ts";

const level = (...targets: readonly string[]) => ({ targets });
const state = (change: Partial<MoveState> = {}): MoveState => ({
  incident: { urgency: "high", escalationPolicyId: "PARMED" },
  programs: ["PBOT"],
  level: 1,
  tried: new Set(),
  cannotEscalate: false,
  fallbackPolicy: "PFALLBACK",
  fallbackReaches: true,
  levels: undefined,
  ...change,
});
const tried = (...levels: readonly number[]) => new Set(levels.map((one) => `level ${one} of PARMED`));
const toLevel = (of: number) => ({ kind: "level", level: of });
const toFallback = { kind: "policy", policy: "PFALLBACK" };

describe("where an incident that waits on the bot is moved", () => {
  test("first to the level above, whatever the policy says now and whether it can be read", () => {
    expect(nextMove(state())).toEqual(toLevel(2));
    expect(nextMove(state({ levels: null }))).toEqual(toLevel(2));
    // The bot was edited out of the policy: the incident keeps the one that it opened with.
    expect(nextMove(state({ levels: [level("PROBIN")] }))).toEqual(toLevel(2));
  });

  test("never to its current level or below, which would restart its timer", () => {
    const levels = [level("PROBIN"), level("PBOT"), level("PALEX")];
    expect(nextMove(state({ level: 2, levels }))).toEqual(toLevel(3));
    // The policy of its opening may have had more levels than there are now.
    expect(nextMove(state({ level: 3, levels }))).toEqual(toLevel(4));
    expect(nextMove(state({ level: 3, levels, tried: tried(4) }))).toEqual(toFallback);
  });

  test("to the fallback policy first where its level is unknown, and only then up from the first", () => {
    expect(nextMove(state({ level: null }))).toEqual(toFallback);
    expect(nextMove(state({ level: null, fallbackPolicy: undefined }))).toBe("read fallback policy");
    expect(nextMove(state({ level: null, fallbackPolicy: null }))).toEqual(toLevel(2));
    const refused = new Set(["policy PFALLBACK"]);
    expect(nextMove(state({ level: null, tried: refused }))).toEqual(toLevel(2));
    expect(nextMove(state({ level: null, tried: refused.union(tried(2)) }))).toBe("read policy");
    expect(nextMove(state({ level: null, tried: refused, cannotEscalate: true }))).toBeNull();
  });

  test("of unknown level, past a fallback policy that begins with nobody or the bot, to its own further levels", () => {
    const levels = [level("PBOT"), level("PPRIMARY"), level("PSECONDARY"), level("PBOT"), level("PMANAGER")];
    const change = { level: null, fallbackReaches: false, levels } as const;
    expect(nextMove(state({ level: null, fallbackReaches: undefined }))).toBe("read fallback on-call");
    expect(nextMove(state({ ...change, levels: undefined }))).toBe("read policy");
    expect(nextMove(state(change))).toEqual(toLevel(3));
    expect(nextMove(state({ ...change, tried: tried(3) }))).toEqual(toLevel(5));
    expect(nextMove(state({ ...change, tried: tried(3, 5) }))).toEqual(toFallback);
    expect(nextMove(state({ ...change, cannotEscalate: true }))).toEqual(toFallback);
    expect(nextMove(state({ ...change, fallbackReaches: null }))).toEqual(toLevel(3));
  });

  test.each([false, null])(
    "up a policy that cannot be read, before a fallback policy of which %s is known to be on call",
    (fallbackReaches) => {
      const change = { fallbackReaches, levels: null };
      expect(nextMove(state({ ...change, level: 2, tried: tried(3) }))).toEqual(toLevel(4));
      expect(nextMove(state({ ...change, level: 2, tried: tried(3, 4, 5) }))).toEqual(toFallback);
      expect(nextMove(state({ ...change, level: null }))).toEqual(toLevel(3));
      expect(nextMove(state({ ...change, level: 2, tried: tried(3), fallbackReaches: true }))).toEqual(
        toFallback,
      );
    },
  );

  test("past a level that is known to be the bot alone", () => {
    const levels = [level("PBOT"), level("PBOT"), level("PALEX")];
    expect(nextMove(state({ levels }))).toEqual(toLevel(3));
  });

  test("to the next level of people where one left it with the bot, for which the policy is read", () => {
    expect(nextMove(state({ tried: tried(2) }))).toBe("read policy");
    const levels = [level("PBOT"), level("PROBIN"), level("PALEX")];
    expect(nextMove(state({ tried: tried(2), levels }))).toEqual(toLevel(3));
    expect(nextMove(state({ tried: tried(2, 3), levels }))).toEqual(toFallback);
  });

  test("to the fallback policy where the policy cannot be read", () => {
    expect(nextMove(state({ tried: tried(2), levels: null }))).toEqual(toFallback);
  });

  test.each([
    ["of low urgency", { incident: { urgency: "low", escalationPolicyId: "PARMED" } }],
    ["without a policy", { incident: { urgency: "high", escalationPolicyId: null } }],
    ["that PagerDuty cannot escalate", { cannotEscalate: true }],
  ])("to the fallback policy at once, of one %s", (_, change) => {
    expect(nextMove(state(change))).toEqual(toFallback);
    expect(nextMove(state({ ...change, fallbackPolicy: undefined }))).toBe("read fallback policy");
    expect(nextMove(state({ ...change, fallbackPolicy: null }))).toBeNull();
  });

  test("within the fallback policy once it is there, and not there again", () => {
    const incident = { urgency: "high", escalationPolicyId: "PFALLBACK" };
    expect(nextMove(state({ incident }))).toEqual(toLevel(2));
    // What was tried in the policy before says nothing of this one.
    expect(nextMove(state({ incident, tried: tried(2) }))).toEqual(toLevel(2));
    const own = new Set(["level 2 of PFALLBACK"]);
    expect(nextMove(state({ incident, tried: own, levels: null }))).toBeNull();
  });

  test("at last to levels that only the policy of now has for the bot's own, and then nowhere", () => {
    const levels = [level("PBOT"), level("PBOT")];
    const last = state({ levels, fallbackPolicy: null });
    expect(nextMove(last)).toEqual(toLevel(2));
    expect(nextMove({ ...last, tried: tried(2) })).toBeNull();
  });

  test("each move once, however it goes on", () => {
    for (const levels of [
      null,
      [level("PBOT"), level("PROBIN")],
      [level("PBOT"), level("PBOT"), level("PALEX")],
    ]) {
      const sent = new Set<string>();
      for (
        let next = nextMove(state({ levels }));
        next !== null;
        next = nextMove(state({ levels, tried: sent }))
      ) {
        if (typeof next === "string") expect.unreachable();
        expect(sent.has(moveKey(next, "PARMED"))).toBe(false);
        sent.add(moveKey(next, "PARMED"));
      }
      expect(sent.has("policy PFALLBACK")).toBe(true);
    }
  });
});
