import type { Outcome, Prediction } from "@mrdata/incident";
import fc from "fast-check";
import { expect, test } from "vitest";
import { asArmed, heldAsArmed, type PastDecision, wouldHold } from "./as-armed.ts";
import { decide } from "./decide.ts";
import { holdable, MINUTE, NOW, rules, WINDOW } from "./observation.fixture.ts";

const shadowed = holdable({ settings: { ...rules, mode: "shadow" } });

/** As stored for a service in shadow mode: only the mode speaks against a hold. */
const shadow = (change: Partial<Prediction> = {}): Prediction => ({
  ...decide(shadowed, {
    asOf: { records: {}, organisation: shadowed.observation.organisation, at: NOW },
  }),
  ...change,
});
const objecting = (name: string) =>
  shadow({ verdicts: [{ name, allowsHold: false, sentence: "It says no." }] });
/** Each has its own alert type and service, so that holds do not add up unless a test is about that. */
const past = (prediction: Prediction | null, outcome: Outcome | null, openedAt = NOW): PastDecision => ({
  prediction:
    prediction === null ? null : { ...prediction, alertType: `A${++alerts}`, service: `S${alerts}` },
  outcome,
  openedAt,
  closedAt: null,
});
let alerts = 0;
const isNight = (at: number) => at === NOW;
const under = { windowMs: WINDOW, caps: rules.caps };

test("the service's mode is not an objection to the incident itself; every other guard rail is", () => {
  expect(wouldHold(shadow())).toBe(true);
  for (const name of ["mode", "kill-switch"]) expect(wouldHold(objecting(name))).toBe(true);
  for (const name of ["storm", "threshold", "settings"]) expect(wouldHold(objecting(name))).toBe(false);
  expect(wouldHold(shadow({ abstained: "too little history" }))).toBe(false);
});

test("counts what would have been spared, late, and paged at once", () => {
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
      { ...under, isNight },
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

/** The same alert `times` times, a minute apart, each open for `open` milliseconds. */
const flapping = (times: number, open: number): readonly PastDecision[] =>
  Array.from({ length: times }, (_, i) => {
    const openedAt = NOW + i * MINUTE;
    return { prediction: shadow(), outcome: "self-resolved", openedAt, closedAt: openedAt + open };
  });
const heldOf = (all: readonly PastDecision[], caps = rules.caps) =>
  heldAsArmed(all, { windowMs: WINDOW, caps }).map(({ openedAt }) => (openedAt - NOW) / MINUTE);

test("holds add up as if they had happened, although in shadow mode none did", () => {
  // After the third hold of two minutes the sum exceeds the window of five minutes.
  expect(heldOf(flapping(15, 2 * MINUTE))).toEqual([0, 1, 2]);
  expect(heldOf(flapping(15, 2 * MINUTE).toReversed())).toEqual([0, 1, 2]);
  expect(asArmed(flapping(15, 2 * MINUTE), { ...under, isNight })).toMatchObject({
    held: 3,
    spared: 3,
    pagedAtOnce: 12,
  });
  // An hour later the sum starts from zero.
  const later = { ...flapping(1, MINUTE)[0], openedAt: NOW + 66 * MINUTE, closedAt: null };
  expect(heldOf([...flapping(15, 2 * MINUTE), { prediction: shadow(), outcome: null, ...later }])).toEqual([
    0, 1, 2, 66,
  ]);
});

test("the caps count what would have been held", () => {
  expect(heldOf(flapping(5, 1_000), { service: 2, all: 40 })).toEqual([0, 1]);
  expect(heldOf(flapping(5, 1_000), { service: 10, all: 3 })).toEqual([0, 1, 2]);
});

test("every incident is counted once, whatever its outcome", () => {
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
      const figures = asArmed(all, { ...under, isNight: () => true });
      expect(figures.held + figures.pagedAtOnce).toBe(all.length);
      expect(figures.spared + figures.misses + figures.heldOtherwise).toBe(figures.held);
      expect(figures.minutesOfDelay).toBe(((figures.held - figures.spared) * WINDOW) / 60_000);
      expect(figures.misses).toBeLessThanOrEqual(figures.neededHuman);
    }),
  );
});
