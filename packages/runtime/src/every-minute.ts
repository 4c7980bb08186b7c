import type { Clock } from "@mrdata/platform";

const MINUTE = 60_000;
/** How long stopping waits for a sweep in progress, real milliseconds. */
const STOP_TIMEOUT_MS = 2_000;

/** Runs the work at every full minute of the clock, never concurrently, as the deployment's scheduler does. */
export function everyMinute(clock: Clock, work: () => Promise<void>): { stop(): Promise<void> } {
  const stopped = new AbortController();
  let working = false;
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      try {
        await clock.sleep(MINUTE - (clock.now() % MINUTE), stopped.signal);
      } catch {
        return;
      }
      // A sweep logs its own failures, and the next minute retries.
      working = true;
      await work().catch(() => {});
      working = false;
    }
  })();
  return {
    async stop() {
      stopped.abort(new Error("stopped"));
      // A sweep in progress may be waiting on a clock that no longer advances.
      const late = Promise.withResolvers<void>();
      // A referenced timer: otherwise a process with nothing else to do would exit during the wait.
      const timer = working ? setTimeout(late.resolve, STOP_TIMEOUT_MS) : undefined;
      await Promise.race([loop, late.promise]);
      clearTimeout(timer);
    },
  };
}
