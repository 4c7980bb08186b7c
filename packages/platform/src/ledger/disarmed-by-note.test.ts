import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { armingAt, disarmedByNote } from "./disarmed-by-note.ts";
import { armedServices, disarmAll, disarmService, withMode } from "./service-modes.ts";
import { currentSettings, defaultSettings, type Settings } from "./settings.ts";

const MINUTE = 60_000;
const NOW = 1_770_000_000_000;

const arm = (settings: Settings, id: string, at: number): Settings =>
  withMode(settings, id, { mode: "armed", policy: "PARMED" }, { who: "PROBIN", at, why: "a quiet month" });

type Note = { readonly at: number; readonly incident: string; readonly who: string };
const hear = (settings: Settings, { at, incident, who }: Note): Settings =>
  disarmedByNote(settings, { at, who, why: `a note on ${incident}` }) ?? settings;

const note = fc.record({
  at: fc.integer({ min: 0, max: 6 }).map((minute) => NOW - 100 * MINUTE + minute * MINUTE),
  incident: fc.constantFrom("P1", "P2"),
  who: fc.constantFrom("PALEX", "PROBIN"),
});
const arming = fc.record({
  id: fc.constantFrom("PDATABASE", "PSHOP", "PMAIL"),
  at: fc.integer({ min: 0, max: 6 }).map((minute) => NOW - 100 * MINUTE + minute * MINUTE),
});

describe("a note that disarms", () => {
  test("gives the same settings in every order and with every repetition", () => {
    const orders = fc
      .tuple(fc.array(arming, { maxLength: 4 }), fc.array(note, { minLength: 1, maxLength: 4 }))
      .chain(([armings, notes]) =>
        fc.tuple(
          fc.constant(armings),
          fc.constant(notes),
          fc.shuffledSubarray([...notes, ...notes, ...notes], { minLength: 3 * notes.length }),
        ),
      );
    fc.assert(
      fc.property(orders, ([armings, notes, shuffled]) => {
        const before = armings.reduce((so, { id, at }) => arm(so, id, at), defaultSettings);
        const once = notes.reduce((so, one) => hear(so, one), before);
        expect(shuffled.reduce((so, one) => hear(so, one), before)).toEqual(once);
        const last = Math.max(...notes.map(({ at }) => at));
        for (const id of armedServices(before)) {
          const isLater = (before.services[id]?.at ?? 0) > last;
          expect(armedServices(once).includes(id)).toBe(isLater);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("leaves the same services armed whether it is processed before or after later armings", () => {
    fc.assert(
      fc.property(note, fc.array(arming, { minLength: 1, maxLength: 4 }), (said, armings) => {
        const inTime = [...armings].sort((a, b) => a.at - b.at);
        const isBefore = ({ at }: { readonly at: number }) => at <= said.at;
        const all = (so: Settings, some: readonly { id: string; at: number }[]) =>
          some.reduce((settings, { id, at }) => arm(settings, id, at), so);
        const afterPrompt = all(
          hear(all(defaultSettings, inTime.filter(isBefore)), said),
          inTime.filter((one) => !isBefore(one)),
        );
        const afterLate = hear(all(defaultSettings, inTime), said);
        const afterTwice = hear(afterPrompt, said);
        expect(armedServices(afterLate)).toEqual(armedServices(afterPrompt));
        expect(armedServices(afterTwice)).toEqual(armedServices(afterPrompt));
      }),
      { numRuns: 2_000 },
    );
  });

  test("wins over an arming at the same moment: the more cautious one counts", () => {
    const armed = arm(defaultSettings, "PDATABASE", NOW - MINUTE);
    expect(armedServices(hear(armed, { at: NOW - MINUTE, incident: "P1", who: "PALEX" }))).toEqual([]);
  });

  test("does not undo the arming of a person who had seen it, even if their clock is behind", () => {
    const said: Note = { at: NOW, incident: "P1", who: "PALEX" };
    const off = hear(arm(defaultSettings, "PDATABASE", NOW - 60 * MINUTE), said);
    const behind = NOW - 3 * MINUTE;
    const again = arm(off, "PDATABASE", armingAt(off, "PDATABASE", behind));
    expect(armedServices(hear(again, said))).toEqual(["PDATABASE"]);
  });

  test.each(["a note on Q1", "a note on the wiki says so", "tests"])(
    "alone dates an arming, whatever a command says as its reason: %s",
    (why) => {
      const decided = { who: "ada", at: NOW + 60 * MINUTE, why };
      const armed = arm(defaultSettings, "PDATABASE", NOW - 60 * MINUTE);
      for (const off of [
        disarmAll(armed, decided),
        disarmService(armed, "PDATABASE", decided),
        withMode(armed, "PDATABASE", { mode: "annotate", policy: null }, decided),
        // Of a note that was said before, an older version keeps the field that it does not know.
        { ...armed, disarmed: { ...decided, notedAt: NOW - 30 * MINUTE } },
      ]) {
        expect(armingAt(off, "PDATABASE", NOW)).toBe(NOW);
        const again = arm(off, "PDATABASE", armingAt(off, "PDATABASE", NOW));
        expect(armedServices(hear(again, { at: NOW + 1, incident: "P1", who: "PALEX" }))).toEqual([]);
      }
    },
  );

  test("that was said before an arming or a command leaves no trace of itself in what they decided", () => {
    const off = hear(arm(defaultSettings, "PDATABASE", NOW - MINUTE), {
      at: NOW,
      incident: "P1",
      who: "PALEX",
    });
    expect(off.services.PDATABASE?.notedAt).toBe(NOW);
    expect(off.disarmed?.notedAt).toBe(NOW);
    expect(arm(off, "PDATABASE", NOW + 1).services.PDATABASE).not.toHaveProperty("notedAt");
    const command = { who: "ada", at: NOW + 1, why: "tests" };
    expect(disarmService(off, "PDATABASE", command).services.PDATABASE).not.toHaveProperty("notedAt");
    expect(disarmAll(off, command).disarmed).toEqual(command);
  });

  test("of a version that did not know the field is read, and dates no arming", () => {
    const noted = { who: "PALEX", at: NOW + 60 * MINUTE, why: "a note on P1" };
    const off = disarmAll(arm(defaultSettings, "PDATABASE", NOW - MINUTE), noted);
    expect(currentSettings.parse(off)).toEqual(off);
    expect(armingAt(off, "PDATABASE", NOW)).toBe(NOW);
  });

  test.each([
    [
      "switched off everything",
      (so: Settings, at: number) => disarmAll(so, { who: "ada", at, why: "tests" }),
    ],
    [
      "disarmed the service",
      (so: Settings, at: number) => disarmService(so, "PDATABASE", { who: "ada", at, why: "tests" }),
    ],
    [
      "gave it another mode",
      (so: Settings, at: number) =>
        withMode(so, "PDATABASE", { mode: "annotate", policy: "PARMED" }, { who: "ada", at, why: "" }),
    ],
  ])("is obeyed after an arming that ended what a clock that is ahead had dated: it %s", (_, off) => {
    const ahead = fc.integer({ min: 1, max: 24 * 60 }).map((minutes) => minutes * MINUTE);
    fc.assert(
      fc.property(ahead, fc.integer({ min: 1, max: 600_000 }), (aheadMs, laterMs) => {
        const disarmed = off(arm(defaultSettings, "PDATABASE", NOW - 60 * MINUTE), NOW + aheadMs);
        const again = arm(disarmed, "PDATABASE", armingAt(disarmed, "PDATABASE", NOW));
        expect(armedServices(again)).toEqual(["PDATABASE"]);
        expect(armedServices(hear(again, { at: NOW + laterMs, incident: "P1", who: "PALEX" }))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
