import type { Clock } from "@mrdata/platform";

/** What is under way gets so many turns of the event loop before a sleep ends: a limit loses against what keeps it. */
const TURNS = 50;

/** A clock from `start` (milliseconds since the epoch) whose sleeps end at once, and take their time. */
export function jumpingClock(start: number): Clock {
  let now = start;
  return {
    now: () => now,
    async sleep(milliseconds, signal) {
      for (let turn = 0; turn < TURNS; turn++) await new Promise((turned) => setImmediate(turned));
      if (signal?.aborted) throw signal.reason;
      now += milliseconds;
    },
  };
}
