import type { PastIncident } from "@mrdata/incident";
import { expect, test } from "vitest";
import type { Predicted } from "./choose-on-past.ts";
import { ofEach } from "./learners.ts";
import { usualRule } from "./threshold.ts";
import { TABLE_WINDOWS, type WindowTableInput, windowTable } from "./window-table.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Every second incident resolves itself after four minutes, and is known to; the others take an hour. */
function tried(count: number): WindowTableInput {
  const incidents = Array.from(
    { length: count },
    (_, i): PastIncident => ({
      id: `Q${i}`,
      service: "PDATABASE",
      title: "Disk 91% full",
      createdAt: i * 2 * HOUR,
      resolvedAt: i * 2 * HOUR + (i % 2 === 0 ? 4 * MINUTE : HOUR),
      resolvedBy: i % 2 === 0 ? "integration" : "human",
      acknowledgedAt: null,
      takenOverAt: null,
      mergedInto: null,
      urgency: "high",
      details: {},
    }),
  );
  const past = incidents.map(({ id, createdAt }, i): Predicted => {
    const probability = i % 2 === 0 ? 0.9 + (i % 10) / 200 : 0.1 + (i % 10) / 200;
    const each = ofEach(() => probability);
    return {
      id,
      openedAt: createdAt,
      knownAt: createdAt + 5 * MINUTE,
      label: i % 2 === 0 ? 1 : 0,
      probability,
      raw: each,
      scaled: each,
      aroundUsual: each,
      rate: 0.5,
      share: 0.5,
      grown: true,
    };
  });
  const from = new Date(incidents[count / 2]?.createdAt ?? 0).toISOString();
  const refit: WindowTableInput["refits"][number] = {
    from,
    learntFrom: count,
    learner: "rates",
    calibration: { kind: "identity" },
    threshold: null,
  };
  return { past, replay: { incidents }, refits: [refit] };
}

const options = { rule: usualRule, certificate: { budget: 0.1, delta: 0.1, days: 180 }, now: 1e12 };

test("of one replay every window has its own labels, figures and certificate, each at a sixth of delta", () => {
  const table = windowTable(tried(800), options);
  expect(table.map(({ windowSeconds }) => windowSeconds * 1000)).toEqual(TABLE_WINDOWS);
  for (const { windowSeconds, certificate, coverage, pagesSpared, realDelayed } of table) {
    if (windowSeconds < 4 * 60) {
      // Within three minutes nothing resolves itself: nothing is right often enough.
      expect([certificate, coverage]).toEqual([null, 0]);
      continue;
    }
    expect(pagesSpared).toBeCloseTo(0.5, 2);
    expect(realDelayed).toBeLessThan(0.06);
    expect(certificate?.delta).toBeCloseTo(0.1 / 6, 12);
    expect(certificate?.upperBound).toBeLessThanOrEqual(0.1);
  }
});

test("a past too small for a sixth of delta has no certificate", () => {
  expect(windowTable(tried(60), options).every(({ certificate }) => certificate === null)).toBe(true);
});
