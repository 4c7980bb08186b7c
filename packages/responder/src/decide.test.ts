import type { AsOf } from "@mrdata/incident";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Circumstances } from "./circumstances.ts";
import { decide, isLiveHold } from "./decide.ts";
import { guardRails, judgeAll } from "./guard-rails.ts";
import { holdable as holdableOf, NOW, rules, WINDOW } from "./observation.fixture.ts";
import type { Predictor } from "./predictor.ts";
import { ratePredictor } from "./rate-predictor.ts";

const predictor = ratePredictor(WINDOW);
const holdable: Circumstances = holdableOf();
const { observation } = holdable;
const context = {
  asOf: { records: {}, organisation: observation.organisation, at: NOW } satisfies AsOf,
};
const decided = (change: Partial<Circumstances> = {}) => decide({ ...holdable, ...change }, context);
const abstaining = { ...holdable.forecast, probability: null, abstained: "too little history" };

describe("the decision", () => {
  test("is to hold when every guard rail lets it, until the window's end and no longer", () => {
    expect(decided()).toMatchObject({
      decision: "hold",
      decidedBy: "threshold",
      holdUntil: NOW + WINDOW,
      prediction: true,
    });
  });

  const other: Predictor = { ...predictor, windowMs: 2 * WINDOW };
  test.each([
    ["settings", { settings: null }],
    ["kill-switch", { settings: { ...rules, disarmed: { why: "a test", who: "PROBIN", at: NOW } } }],
    ["person", { touchedByPerson: true }],
    ["urgency", { observation: { ...observation, urgency: "low" } }],
    ["window", { predictor: other }],
    ["deadline", { now: NOW + WINDOW - 1_000 }],
    ["prediction", { forecast: abstaining }],
    ["threshold", { forecast: { ...holdable.forecast, probability: 0.79 } }],
  ] satisfies [string, Partial<Circumstances>][])(
    "is to page when the guard rail '%s' objects, and names it",
    (name, change) => {
      expect(decided(change)).toMatchObject({ decision: "page", decidedBy: name, holdUntil: null });
    },
  );

  test("records every guard rail's verdict with a sentence, whichever decided", () => {
    for (const change of [{}, { touchedByPerson: true }]) {
      const { verdicts } = decided(change);
      expect(verdicts.map(({ name }) => name)).toEqual(guardRails.map(({ name }) => name));
      expect(verdicts.every(({ sentence }) => /^[A-Z0-9].*\.$/.test(sentence))).toBe(true);
    }
  });

  test("in a mode that is not armed holds nothing back, whatever it would have decided", () => {
    for (const mode of ["shadow", "annotate"] as const)
      expect(decided({ settings: { ...rules, mode } })).toMatchObject({
        decision: "hold",
        holdUntil: null,
      });
  });

  test("gives the confidence in its prediction, and 0 when it abstains", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (probability) => {
        const { prediction, confidence } = decided({ forecast: { ...holdable.forecast, probability } });
        expect(confidence).toBeCloseTo(prediction ? probability : 1 - probability);
        expect(confidence).toBeGreaterThanOrEqual(0.5);
      }),
    );
    expect(decided({ forecast: abstaining })).toMatchObject({
      prediction: false,
      confidence: 0,
      probability: null,
      abstained: "too little history",
    });
  });
});

test("a guard rail that throws denies the hold and is reported", () => {
  const broken = new Proxy(observation, {
    get(target, name, receiver) {
      if (name === "urgency") throw new Error("out of order");
      return Reflect.get(target, name, receiver);
    },
  });
  const failed: [string, unknown][] = [];
  const railFailed = (...of: [string, unknown]) => failed.push(of);
  decide({ ...holdable, observation: broken }, { ...context, railFailed });
  expect(failed).toContainEqual(["urgency", new Error("out of order")]);
  expect(judgeAll({ ...holdable, observation: broken }).find(({ name }) => name === "urgency")).toEqual({
    name: "urgency",
    allowsHold: false,
    sentence: "This guard rail failed.",
  });
});

describe("a live hold", () => {
  const settings = rules;
  test("keeps the page back inside the window, and not a millisecond longer", () => {
    expect(isLiveHold(decided(), settings, NOW + WINDOW - 1)).toBe(true);
    expect(isLiveHold(decided(), settings, NOW + WINDOW)).toBe(false);
  });
  test.each([
    ["no prediction", null, settings],
    ["settings that cannot be read", decided(), null],
    ["a service that is not armed any more", decided(), { ...settings, mode: "shadow" as const }],
    [
      "a bot that was disarmed",
      decided(),
      { ...settings, disarmed: { why: "a test", who: "PROBIN", at: NOW } },
    ],
    ["a decision to page", decided({ touchedByPerson: true }), settings],
  ])("is not: %s", (_, prediction, now) => {
    expect(isLiveHold(prediction, now, NOW + 1_000)).toBe(false);
  });
});
