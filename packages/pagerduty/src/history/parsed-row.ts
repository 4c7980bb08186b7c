import type { IncidentEvent, PastIncident } from "@mrdata/incident";
import type { Identity } from "../actor.ts";

/** One parsed row of an export; `problem` is one line: the field and what is wrong with it. */
export type ParsedRow =
  | {
      readonly incident: PastIncident;
      /** How long the incident lasted, milliseconds, where the row gives that besides its times. */
      readonly lastedMs?: number | undefined;
      /** The row gives neither end nor outcome: another row of the same incident takes precedence. */
      readonly opensOnly?: true;
    }
  /** The event in a log entry; null for one that teaches nothing: a notification, an assignment by the policy. */
  | { readonly of: string; readonly event: IncidentEvent | null }
  | { readonly problem: string };

export type ParseOptions = {
  readonly identity: Identity;
  /** Parses a time; null for anything else (`timeReader`). */
  readonly time: (text: string) => number | null;
  /**
   * After how many milliseconds PagerDuty itself closes incidents (the services' `auto_resolve_timeout`), null for
   * never. Exports do not distinguish that from the monitor's clear.
   */
  readonly autoResolveAfter: number | null;
};

/** PagerDuty's timers are not exact to the second. */
const TOLERANCE_MS = 60_000;

/** True if PagerDuty's own timer may well have closed an incident of this age. Both milliseconds. */
export const isTimeout = (age: number, autoResolveAfter: number | null): boolean =>
  autoResolveAfter !== null && Math.abs(age - autoResolveAfter) <= TOLERANCE_MS;
