import type { DiscreteClock } from "./discrete-clock.ts";

/** How often a clock is brought to the time that it is, milliseconds. */
const STEP = 20;

/**
 * Lets a discrete clock go by real time: for a PagerDuty that processes outside of a simulation talk to. `ended`
 * resolves after `stop`, and rejects with whatever work that was scheduled on the clock has thrown.
 */
export function goByRealTime(clock: DiscreteClock): {
  readonly ended: Promise<void>;
  stop(): Promise<void>;
} {
  let stopped = false;
  const ended = (async () => {
    while (!stopped) {
      await clock.run(Date.now());
      await new Promise((resolve) => setTimeout(resolve, STEP));
    }
  })();
  return {
    ended,
    stop() {
      stopped = true;
      return ended;
    },
  };
}
