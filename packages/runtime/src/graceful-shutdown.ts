import type { Log } from "@mrdata/platform";
import type { Requests } from "./requests.ts";

/** Cloud Run kills ten seconds after SIGTERM (https://cloud.google.com/run/docs/container-contract#instance-shutdown). */
const GRACE_PERIOD_MS = 9_000;

const signals: readonly (string | symbol)[] = ["SIGTERM", "SIGINT"];

/**
 * Graceful shutdown: stop accepting requests, drain those in flight, then exit with 0. functions-framework
 * instead answers the last request with 500 and exits immediately, in the middle of all others, so its signal listeners are removed
 * as it adds them.
 */
export function shutDownGracefully(requests: Requests, log: Log): void {
  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
    if (ending) return;
    ending = true;
    log({ severity: "INFO", event: "function.draining", signal, underWay: requests.underWay() });
    setTimeout(() => {
      log({ severity: "WARNING", event: "function.cut", underWay: requests.underWay() });
      process.exit(0);
    }, GRACE_PERIOD_MS);
    // In the next turn of the event loop, when the last answer has been completed.
    void requests.drain().then(() => setImmediate(() => process.exit(0)));
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  process.on("newListener", (event, listener) => {
    if (!signals.includes(event) || listener === end) return;
    // The event is emitted before the listener is added.
    queueMicrotask(() => process.removeListener(event, listener));
  });
}
