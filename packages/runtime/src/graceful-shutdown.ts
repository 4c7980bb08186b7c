import type { Log } from "@mrdata/platform";
import type { Requests } from "./requests.ts";

/** Cloud Run kills ten seconds after SIGTERM (https://cloud.google.com/run/docs/container-contract#instance-shutdown). */
const GRACE = 9_000;

const signals: readonly (string | symbol)[] = ["SIGTERM", "SIGINT"];

/**
 * At the end of an instance: takes nothing more, lets what is under way end, and then ends with 0. functions-framework
 * answers the last request with 500 and ends at once, in the middle of all others: its listeners for these signals are taken off
 * as it puts them on.
 */
export function endInPeace(requests: Requests, log: Log): void {
  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
    if (ending) return;
    ending = true;
    log({ severity: "INFO", event: "function.draining", signal, underWay: requests.underWay() });
    setTimeout(() => {
      log({ severity: "WARNING", event: "function.cut", underWay: requests.underWay() });
      process.exit(0);
    }, GRACE);
    // In the next turn: whatever else the last answer has to do is done by then.
    void requests.drain().then(() => setImmediate(() => process.exit(0)));
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  process.on("newListener", (event, listener) => {
    if (!signals.includes(event) || listener === end) return;
    // The event comes before the listener is there.
    queueMicrotask(() => process.removeListener(event, listener));
  });
}
