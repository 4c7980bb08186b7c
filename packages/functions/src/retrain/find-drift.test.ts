import { createRandom } from "@mrdata/forest";
import type { Outcome } from "@mrdata/incident";
import { describe, expect, test } from "vitest";
import { driftAmong } from "./find-drift.ts";

const HOUR_MS = 3_600_000;
const START = Date.parse("2026-01-05T00:00:00Z");
type Known = Parameters<typeof driftAmong>[0][number];
type Said = Parameters<typeof driftAmong>[1][number];

const champion = { version: "v1", since: Number.NEGATIVE_INFINITY };

/** Incidents of several monitors in turn, four hours apart; the position of each determines how it ends. */
function lived(count: number, endOf: (i: number, service: string) => Outcome, hours = 4): Known[] {
  return Array.from({ length: count }, (_, i) => {
    const service = `PSVC${i % 3}`;
    return {
      incident: `P${i}`,
      service,
      serviceName: service === "PSVC1" ? "Checkout" : null,
      alertType: `${service} disk`,
      openedAt: START + i * hours * HOUR_MS,
      outcome: endOf(i, service),
    };
  });
}
const saidOf = (
  known: readonly Known[],
  probability: number,
  denied: (i: number) => string | null = () => null,
): Said[] =>
  known.map(({ incident, openedAt }, i) => {
    const name = denied(i);
    return {
      incident,
      probability,
      model: "v1",
      openedAt: openedAt ?? START,
      verdicts: name === null ? [] : [{ name, allowsHold: false, sentence: "" }],
    };
  });

describe("drift among a half year's incidents", () => {
  const random = createRandom(4);
  const usual = (): Outcome => (random.next() < 0.9 ? "self-resolved" : "needed-human");

  test("is not found where nothing changed", () => {
    const known = lived(600, usual);
    expect(
      driftAmong(
        known,
        saidOf(known, 0.9, (i) => (i % 20 === 0 ? "novelty" : null)),
        champion,
      ),
    ).toEqual([]);
    expect(driftAmong([], [], champion)).toEqual([]);
  });

  test("names the monitor that turned from noise to real, in figures, after three quiet weeks and two bad days", () => {
    const before = lived(450, usual);
    const last = before.at(-1)?.openedAt ?? START;
    const quiet = last + 21 * 24 * HOUR_MS;
    const regression = Array.from(
      { length: 16 },
      (_, i): Known => ({
        incident: `R${i}`,
        service: "PSVC1",
        serviceName: "Checkout",
        alertType: `PSVC1 alert ${i % 2}`,
        openedAt: quiet + i * 3 * HOUR_MS,
        outcome: "needed-human",
      }),
    );
    const [drift, ...others] = driftAmong([...before, ...regression], [], champion);
    expect(others).toEqual([]);
    expect(drift).toMatchObject({ subject: "service PSVC1", disarms: false });
    expect(drift?.sentence).toMatch(
      /^Checkout clears itself less often: \d+ % of its last 1\d incidents, (8|9)\d % of the \d+ before\.$/,
    );
  });

  test("takes what flaps within the hour for one", () => {
    const before = lived(450, usual);
    const last = before.at(-1)?.openedAt ?? START;
    const flapping = Array.from(
      { length: 30 },
      (_, i): Known => ({
        incident: `F${i}`,
        service: "PSVC1",
        serviceName: "Checkout",
        alertType: "PSVC1 disk",
        openedAt: last + 2 * HOUR_MS + i * 60_000,
        outcome: "needed-human",
      }),
    );
    expect(driftAmong([...before, ...flapping], [], champion)).toEqual([]);
  });

  test.each([
    ["novelty", "novelty", /are of alerts that the bot knows too little of/],
    ["features", "range", /are unlike all that the model has learnt from/],
    ["details", "range", /are unlike all that the model has learnt from/],
  ])("finds that the guard rail '%s' speaks more often", (rail, subject, words) => {
    const known = lived(300, usual);
    const said = saidOf(known, 0.9, (i) => (i >= 280 ? rail : null));
    expect(driftAmong(known, said, champion)).toMatchObject([
      { subject, sentence: expect.stringMatching(words), disarms: false },
    ]);
  });

  test("disarms where the model is too sure, and not where it is not sure enough", () => {
    const half = (i: number): Outcome => (i % 2 === 0 ? "self-resolved" : "unknown");
    const known = lived(300, half);
    expect(
      driftAmong(known, saidOf(known, 0.9), champion).filter(({ subject }) => subject === "calibration"),
    ).toMatchObject([
      {
        disarms: true,
        sentence:
          "What the model says no longer holds: of 300 incidents it expected 90 % to clear themselves, and 50 % did.",
      },
    ]);
    expect(
      driftAmong(known, saidOf(known, 0.1), champion).filter(({ subject }) => subject === "calibration"),
    ).toMatchObject([{ disarms: false }]);
  });
});
