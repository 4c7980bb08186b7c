import type { IncidentEvent, PastIncident } from "@mrdata/incident";
import type { Identity } from "../actor.ts";

/** What one row of an export tells; `problem` is one line: the field and what is wrong with it. */
export type Told =
  | {
      readonly incident: PastIncident;
      /** How long it lasted, milliseconds, where the row says so beside its times. */
      readonly lastedMs?: number | undefined;
      /** It says neither when it ended nor how: another row of the same incident stands over it. */
      readonly opensOnly?: true;
    }
  /** What a log entry tells happened; null for what teaches nothing: a notification, an assignment by the policy. */
  | { readonly of: string; readonly event: IncidentEvent | null }
  | { readonly problem: string };

export type ParseOptions = {
  readonly identity: Identity;
  /** Reads a time; null for what is none (`timeReader`). */
  readonly time: (text: string) => number | null;
  /**
   * After how many milliseconds PagerDuty itself closes incidents (the services' `auto_resolve_timeout`), null for
   * never. Exports lump that with the monitor's clear.
   */
  readonly autoResolveAfter: number | null;
};

/** PagerDuty's timers are not exact to the second. */
const TOLERANCE = 60_000;

/** True if an incident of this age was closed by PagerDuty's own timer as likely as by anybody. Both milliseconds. */
export const isTimeout = (age: number, autoResolveAfter: number | null): boolean =>
  autoResolveAfter !== null && Math.abs(age - autoResolveAfter) <= TOLERANCE;
