import type { Clock } from "@mrdata/platform";

const MINUTE = 60_000;
/** So long a sweep under way is waited for, in real milliseconds, when everything stops. */
const PATIENCE = 2_000;

/** Does the work at every full minute of the clock, never twice at a time, as the scheduler of the deployment does. */
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
      // A sweep logs its own failures, and the next minute tries again.
      working = true;
      await work().catch(() => {});
      working = false;
    }
  })();
  return {
    async stop() {
      stopped.abort(new Error("stopped"));
      // A sweep under way may wait on a clock that nobody moves any more.
      const late = Promise.withResolvers<void>();
      // Referenced: a process with nothing else to do would end in the middle of the wait.
      const patience = working ? setTimeout(late.resolve, PATIENCE) : undefined;
      await Promise.race([loop, late.promise]);
      clearTimeout(patience);
    },
  };
}
