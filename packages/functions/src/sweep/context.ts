import type { ArmedHealth } from "@mrdata/doctor";
import type { Identity, PagerDuty } from "@mrdata/pagerduty";
import type { Ledger, Settings } from "@mrdata/platform";
import type { LedgerOf } from "@mrdata/runtime";
import type { PagingContext } from "../paging/page-and-record.ts";
import { createPager, type Pager, type PagerOptions, type PagerPorts } from "../paging/pager.ts";
import { releaseLiveHolds } from "../paging/release-holds.ts";
import { writeAnswer } from "../paging/write-note.ts";
import type { AccountRecords } from "../respond/can-be-woken.ts";
import { createHear } from "../respond/note-commands.ts";
import type { sweepManifest } from "./manifest.ts";
import type { ReadNotes } from "./read-waiting-notes.ts";
import { createUnknownChecks } from "./unknown-checks.ts";
import { createUnrecordedDecisions, type UnrecordedDecisions } from "./unrecorded-decisions.ts";

/** A sweep asks for all pages at once. */
const MAX_GATHER_MS = 1_000;

export type SweepPorts = Pick<PagerPorts, "clock" | "log"> & {
  readonly ledger: LedgerOf<typeof sweepManifest>;
  /** Null while no PagerDuty token is configured: then nothing can be swept. */
  readonly pagerduty:
    | (NonNullable<PagerPorts["pagerduty"]> &
        NonNullable<PagingContext["notes"]> &
        AccountRecords &
        Pick<PagerDuty, "listAnnotations">)
    | null;
  /** The checks that have to hold while services are armed; null where they are not asked for. */
  readonly checks: ((settings: Settings) => Promise<ArmedHealth>) | null;
};

export type SweepOptions = Pick<PagerOptions, "fallbackPolicy"> & {
  readonly identity: Identity;
  /** The hold window, milliseconds. */
  readonly window: number;
};

/** What the steps of a sweep work with; it lasts as long as the process. */
export type SweepContext = PagingContext & {
  readonly pager: PagingContext["pager"] & Pick<Pager, "fallbackPolicy">;
  readonly ledger: PagingContext["ledger"] &
    Pick<
      Ledger,
      | "prediction"
      | "incident"
      | "changeSettings"
      | "noteDisarming"
      | "openedWithin"
      | "organisationCounts"
      | "unsettledHolds"
      | "settleHold"
      | "missCounts"
      | "missTrail"
      | "lastChecks"
      | "lastSeen"
      | "noteSeen"
    >;
  /** Whose incidents are swept and by what; null while one of the two is not configured. */
  readonly sweeping: {
    readonly pagerduty: Pick<
      PagerDuty,
      | "listIncidents"
      | "listAnnotations"
      | "listLogEntries"
      | "getIncident"
      | "getEscalationPolicy"
      | "moveIncident"
      | "moveIncidents"
    >;
    readonly bot: string;
  } | null;
  /** The hold window, milliseconds. */
  readonly windowMs: number;
  readonly checks: SweepPorts["checks"];
  readonly unknownChecks: ReturnType<typeof createUnknownChecks>;
  readonly unrecorded: UnrecordedDecisions;
  readonly identity: Identity;
  readonly handleNoteCommand: ReturnType<typeof createHear>;
  readonly readNotes: ReadNotes;
  /** Incidents assigned to the bot by hand whose people have been told; those that no longer wait are forgotten. */
  readonly toldAssigned: Set<string>;
  /** Holds that are closed or a person's, or that were given to people: none of them can be a program's any more. */
  readonly lookedAfter: Set<string>;
  /** When the checks ran last, milliseconds since the epoch; null before the first time. */
  checkedAt: number | null;
  /** By which settings the evidence was counted at the sweep before; null before the first. */
  evidenceBy: Settings | null;
};

export function createSweepContext(ports: SweepPorts, options: SweepOptions): SweepContext {
  const { ledger, clock, log, pagerduty, checks } = ports;
  const { identity, fallbackPolicy, window: windowMs } = options;
  const bot = identity.botUser;
  const pager = createPager(
    { ledger, clock, log, pagerduty },
    { bot, fallbackPolicy, automationUsers: identity.automationUsers ?? [], maxGatherMs: MAX_GATHER_MS },
  );
  const paging: PagingContext = { ledger, clock, log, pager, notes: pagerduty };
  return {
    ...paging,
    pager,
    ledger,
    identity,
    handleNoteCommand: createHear({
      ledger,
      clock,
      log,
      pager: pagerduty,
      releaseLive: (...of) => releaseLiveHolds(paging, ...of),
      answer: (event, text) => writeAnswer(paging, event, text),
    }),
    readNotes: {
      handled: new Set(),
      readAt: new Map(),
      isCatchingUp: false,
      unheard: new Map(),
      outageSeenAt: null,
    },
    sweeping: pagerduty === null || bot === null ? null : { pagerduty, bot },
    windowMs,
    checks,
    unknownChecks: createUnknownChecks({ ledger, clock, log }),
    unrecorded: createUnrecordedDecisions({ ledger }),
    toldAssigned: new Set(),
    lookedAfter: new Set(),
    checkedAt: null,
    evidenceBy: null,
  };
}
