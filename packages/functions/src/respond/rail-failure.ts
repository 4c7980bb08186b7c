import type { Log } from "@mrdata/platform";
import type { RailFailed } from "@mrdata/responder";
import { reasonOf } from "@mrdata/runtime";

/** Logs a guard rail that threw: it denies every hold, so nobody would otherwise notice that it is broken. */
export const logRailFailure =
  ({ log }: { readonly log: Log }, incident: string): RailFailed =>
  (rail, error) =>
    log({ severity: "ERROR", event: "guard-rail.failed", incident, rail, reason: reasonOf(error) });
