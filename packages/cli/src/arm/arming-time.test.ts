import { armedServices, armingAt, defaultSettings, disarmedByNote, withMode } from "@mrdata/platform";
import fc from "fast-check";
import { expect, test } from "vitest";
import { armingTime } from "./arming-time.ts";

const NOW = 1_770_000_000_000;
const toTheSecond = (at: number): number => Math.floor(at / 1_000) * 1_000;

/** A laptop whose clock is ahead of PagerDuty's by `skewMs`, and an answer that takes `tookMs`. */
function laptop(skewMs: number, tookMs: number) {
  let now = NOW;
  const clock = { now: () => now + skewMs };
  const pagerduty = {
    async clockAhead() {
      const theirs = toTheSecond(now);
      now += tookMs;
      return theirs + 500 - clock.now();
    },
  };
  return { clock, pagerduty, actualNow: () => now };
}

test("a note after the arming disarms and one before it does not, whatever the laptop's clock and whenever the note is received", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -900_000, max: 900_000 }),
      fc.integer({ min: 0, max: 3_000 }),
      fc.integer({ min: -60_000, max: 600_000 }),
      async (skewMs, tookMs, afterMs) => {
        const { clock, pagerduty, actualNow } = laptop(skewMs, tookMs);
        const at = armingAt(defaultSettings, "PDB", await armingTime(pagerduty, clock));
        const armed = withMode(
          defaultSettings,
          "PDB",
          { mode: "armed", policy: "P" },
          { who: "a", at, why: "w" },
        );
        const said = { who: "b", at: toTheSecond(actualNow() + afterMs), why: "a note on Q1" };
        const after = armedServices(disarmedByNote(armed, said) ?? armed);
        if (afterMs >= 0) expect(after).toEqual([]);
        // Within the seconds of the answer itself the more careful counts.
        if (afterMs < -tookMs - 2_000) expect(after).toEqual(["PDB"]);
      },
    ),
    { numRuns: 300 },
  );
});

test("nothing is armed if PagerDuty's response has no date", async () => {
  const silent = { clockAhead: async () => null };
  await expect(armingTime(silent, { now: () => NOW })).rejects.toThrow(/no Date/);
});
