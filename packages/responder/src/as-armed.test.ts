import type { Outcome, Prediction } from "@mrdata/incident";
import fc from "fast-check";
import { expect, test } from "vitest";
import { asArmed, type PastDecision, wouldHold } from "./as-armed.ts";
import { decide } from "./decide.ts";
import { holdable, NOW, rules, WINDOW } from "./observation.fixture.ts";

const shadowed = holdable({ settings: { ...rules, mode: "shadow" } });

/** As it is stored in a service's shadow: all that speaks against a hold is the mode. */
const shadow = (change: Partial<Prediction> = {}): Prediction => ({
  ...decide(shadowed, {
    asOf: { records: {}, organisation: shadowed.observation.organisation, at: NOW },
  }),
  ...change,
});
const objecting = (name: string) =>
  shadow({ verdicts: [{ name, allowsHold: false, sentence: "It says no." }] });
const past = (prediction: Prediction | null, outcome: Outcome | null, openedAt = NOW): PastDecision => ({
  prediction,
  outcome,
  openedAt,
});

test("a service's mode is no reason of the incident's: whatever else objects is", () => {
  expect(wouldHold(shadow())).toBe(true);
  for (const name of ["mode", "kill-switch"]) expect(wouldHold(objecting(name))).toBe(true);
  for (const name of ["storm", "threshold", "settings"]) expect(wouldHold(objecting(name))).toBe(false);
  expect(wouldHold(shadow({ abstained: "too little history" }))).toBe(false);
});

test("counts what would have been spared, late, and paged at once", () => {
  const isNight = (at: number) => at === NOW;
  expect(
    asArmed(
      [
        past(shadow(), "self-resolved"),
        past(shadow(), "self-resolved", NOW + 1),
        past(shadow(), "needed-human"),
        past(shadow(), "unknown"),
        past(objecting("storm"), "needed-human"),
        past(objecting("storm"), "self-resolved"),
        past(null, "needed-human"),
      ],
      { window: WINDOW, isNight },
    ),
  ).toEqual({
    incidents: 7,
    unpredicted: 1,
    held: 4,
    spared: 2,
    sparedByNight: 1,
    misses: 1,
    heldOtherwise: 1,
    pagedAtOnce: 3,
    neededHuman: 3,
    minutesOfDelay: 10,
  });
});

test("every incident is counted once, whatever became of it", () => {
  const one = fc
    .tuple(
      fc.constantFrom(shadow(), objecting("storm"), objecting("mode"), null),
      fc.constantFrom<Outcome | null>(
        "self-resolved",
        "needed-human",
        "unknown",
        "merged",
        "timed-out",
        null,
      ),
    )
    .map(([prediction, outcome]) => past(prediction, outcome));
  fc.assert(
    fc.property(fc.array(one), (all) => {
      const figures = asArmed(all, { window: WINDOW, isNight: () => true });
      expect(figures.held + figures.pagedAtOnce).toBe(all.length);
      expect(figures.spared + figures.misses + figures.heldOtherwise).toBe(figures.held);
      expect(figures.minutesOfDelay).toBe(((figures.held - figures.spared) * WINDOW) / 60_000);
      expect(figures.misses).toBeLessThanOrEqual(figures.neededHuman);
    }),
  );
});
