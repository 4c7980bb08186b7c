import type { ArmedHealth } from "@mrdata/doctor";
import type { Identity, PagerDuty } from "@mrdata/pagerduty";
import type { Arming, Ledger, Settings } from "@mrdata/platform";
import type { LedgerOf } from "@mrdata/runtime";
import type { PagingContext } from "../paging/page-and-record.ts";
import { createPager, type Pager, type PagerOptions, type PagerPorts } from "../paging/pager.ts";
import { releaseLiveHolds } from "../paging/release-holds.ts";
import { writeAnswer } from "../paging/write-note.ts";
import type { AccountRecords } from "../respond/can-be-woken.ts";
import { createNoteCommandHandler } from "../respond/note-commands.ts";
import type { sweepManifest } from "./manifest.ts";
import type { ReadNotes } from "./read-waiting-notes.ts";
import { createUnknownChecks } from "./unknown-checks.ts";
import { createUnrecordedDecisions, type UnrecordedDecisions } from "./unrecorded-decisions.ts";

/** A sweep requests all its pages at the same time. */
const MAX_GATHER_MS = 1_000;

export type SweepPorts = Pick<PagerPorts, "clock" | "log"> & {
  readonly ledger: LedgerOf<typeof sweepManifest>;
  /** Null while no PagerDuty token is configured: nothing can then be swept. */
  readonly pagerduty:
    | (NonNullable<PagerPorts["pagerduty"]> &
        NonNullable<PagingContext["notes"]> &
        AccountRecords &
        Pick<PagerDuty, "listAnnotations">)
    | null;
  /** The checks that must pass while services are armed; null where they are not run. */
  readonly checks: ((settings: Settings) => Promise<ArmedHealth>) | null;
};

export type SweepOptions = Pick<PagerOptions, "fallbackPolicy"> & {
  readonly identity: Identity;
  /** The hold window, milliseconds. */
  readonly windowMs: number;
};

/** The state shared by a sweep's steps; it lasts as long as the process. */
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
      | "countedArmings"
      | "noteCountedArmings"
    >;
  /** The bot's user and client to sweep with; null while either is not configured. */
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
  readonly handleNoteCommand: ReturnType<typeof createNoteCommandHandler>;
  readonly readNotes: ReadNotes;
  /** Incidents assigned to the bot by hand whose people were notified; those that no longer wait are dropped. */
  readonly notifiedAssigned: Set<string>;
  /** Holds that are closed, a person's, or given to people: none of them can be taken by a program any more. */
  readonly handledIncidents: Set<string>;
  /** When the checks ran last, milliseconds since the epoch; null before the first time. */
  checkedAt: number | null;
  /** The armings by which the previous sweep counted the evidence; null before the first. */
  evidenceBy: readonly Arming[] | null;
};

export function createSweepContext(ports: SweepPorts, options: SweepOptions): SweepContext {
  const { ledger, clock, log, pagerduty, checks } = ports;
  const { identity, fallbackPolicy, windowMs } = options;
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
    handleNoteCommand: createNoteCommandHandler({
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
      unreported: new Map(),
      outageSeenAt: null,
    },
    sweeping: pagerduty === null || bot === null ? null : { pagerduty, bot },
    windowMs,
    checks,
    unknownChecks: createUnknownChecks({ ledger, clock, log }),
    unrecorded: createUnrecordedDecisions({ ledger }),
    notifiedAssigned: new Set(),
    handledIncidents: new Set(),
    checkedAt: null,
    evidenceBy: null,
  };
}
