import type { PagerDuty } from "@mrdata/pagerduty";
import type { Ledger, Settings } from "@mrdata/platform";
import type { ArmedHealth } from "../checks/index.ts";
import type { PagingContext } from "../paging/page-and-record.ts";
import { createPager, type PagerOptions, type PagerPorts } from "../paging/pager.ts";
import type { UnrecordedDecisions } from "./unrecorded-decisions.ts";
import { createUnrecordedDecisions } from "./unrecorded-decisions.ts";

export type SweepPorts = Pick<PagerPorts, "clock" | "log"> & {
  readonly ledger: Ledger;
  /** Null while no PagerDuty token is configured: then nothing can be swept. */
  readonly pagerduty: (NonNullable<PagerPorts["pagerduty"]> & NonNullable<PagingContext["notes"]>) | null;
  /** The checks that have to hold while services are armed; null where they are not asked for. */
  readonly checks: ((settings: Settings) => Promise<ArmedHealth>) | null;
};

export type SweepOptions = PagerOptions & {
  /** The hold window, milliseconds. */
  readonly window: number;
};

/** What the steps of a sweep work with; it lasts as long as the process. */
export type SweepContext = PagingContext & {
  readonly ledger: PagingContext["ledger"] &
    Pick<
      Ledger,
      | "prediction"
      | "incident"
      | "changeSettings"
      | "openedWithin"
      | "organisationCounts"
      | "unsettledHolds"
      | "settleHold"
      | "missCounts"
    >;
  /** Whose incidents are swept and by what; null while one of the two is not configured. */
  readonly sweeping: { readonly pagerduty: Pick<PagerDuty, "listIncidents">; readonly bot: string } | null;
  /** The hold window, milliseconds. */
  readonly windowMs: number;
  readonly checks: SweepPorts["checks"];
  readonly unrecorded: UnrecordedDecisions;
  /** Incidents assigned to the bot by hand whose people have been told; those that no longer wait are forgotten. */
  readonly toldAssigned: Set<string>;
  /** When the checks ran last, milliseconds since the epoch; null before the first time. */
  checkedAt: number | null;
};

export function createSweepContext(ports: SweepPorts, options: SweepOptions): SweepContext {
  const { ledger, clock, log, pagerduty, checks } = ports;
  const { bot, fallbackPolicy, window: windowMs } = options;
  return {
    ledger,
    clock,
    log,
    pager: createPager({ ledger, clock, log, pagerduty }, { bot, fallbackPolicy }),
    notes: pagerduty,
    sweeping: pagerduty === null || bot === null ? null : { pagerduty, bot },
    windowMs,
    checks,
    unrecorded: createUnrecordedDecisions({ ledger }),
    toldAssigned: new Set(),
    checkedAt: null,
  };
}
