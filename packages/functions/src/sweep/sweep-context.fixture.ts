import type { ActionTaken, IncidentEvent, Prediction } from "@mrdata/incident";
import type { RestIncident, RestNote } from "@mrdata/pagerduty";
import type { Arming, LastChecks, LogEntry, Settings } from "@mrdata/platform";
import { plainLedger } from "../paging/plain-ledger.fixture.ts";
import {
  BOT,
  FALLBACK,
  jumpingClock,
  type OnMove,
  START,
  scriptedPagerDuty,
  waiting,
} from "../paging/scripted-pagerduty.fixture.ts";
import type { SweepContext } from "./context.ts";
import { createUnknownChecks } from "./unknown-checks.ts";
import { createUnrecordedDecisions } from "./unrecorded-decisions.ts";

export type TestOptions = {
  readonly settings?: Settings;
  readonly stored?: readonly Prediction[];
  /** What PagerDuty lists, one list per request; the last is repeated. */
  readonly lists?: readonly (readonly RestIncident[])[];
  readonly notes?: Readonly<Record<string, readonly RestNote[]>>;
  readonly pageIfWaiting?: (incident: string) => Promise<ActionTaken>;
  readonly checks?: SweepContext["checks"];
  readonly opened?: number;
  /** Incidents as PagerDuty returns them by id, and the results of moving them. */
  readonly incidents?: readonly RestIncident[];
  readonly onMove?: OnMove;
  /** The author, time and incident of each note. */
  readonly annotations?: readonly { readonly at: number; readonly incident: string; readonly by: string }[];
};

/** The context of a sweep's steps as plain objects that record what they were asked. */
export function sweepContext(options: TestOptions = {}) {
  const ledger = plainLedger({
    ...(options.settings && { settings: options.settings }),
    stored: options.stored ?? [],
  });
  const did: string[] = [];
  const logged: LogEntry[] = [];
  const handled: IncidentEvent[] = [];
  const clock = jumpingClock();
  const log = (entry: LogEntry) => logged.push(entry);
  const lists = [...(options.lists ?? [[]])];
  const scripted = scriptedPagerDuty(
    options.incidents ?? [],
    options.onMove ?? ((id) => waiting(id, { assignees: ["PALEX"], escalationPolicyId: FALLBACK })),
  );
  let seenAt: number | null = null;
  let countedArmings: readonly Arming[] | null = null;
  let lastChecks: LastChecks = { answeredAt: null, unknown: [] };
  const books = {
    ...ledger,
    openedWithin: async () => options.opened ?? 1,
    organisationCounts: async () => ({ hour: 1, day: 8, week: 30 }),
    unsettledHolds: async () => [],
    settleHold: async () => {},
    missCounts: async () => ({ misses: 0, neededHuman: 0 }),
    missTrail: async () => [],
    lastSeen: async () => seenAt,
    noteSeen: async (_: string, at: number) => {
      seenAt = at;
    },
    countedArmings: async () => countedArmings,
    noteCountedArmings: async (armings: readonly Arming[]) => {
      countedArmings = armings;
    },
    lastChecks: async () => lastChecks,
    noteLastChecks: async (last: LastChecks) => {
      lastChecks = last;
    },
  };
  const context: SweepContext = {
    ledger: books,
    clock,
    log,
    identity: { botUser: BOT },
    handleNoteCommand: async (event) => {
      handled.push(event);
    },
    readNotes: {
      handled: new Set(),
      readAt: new Map(),
      isCatchingUp: false,
      unreported: new Map(),
      outageSeenAt: null,
    },
    pager: {
      hasSpareCalls: () => true,
      fallbackPolicy: async () => FALLBACK,
      async pageIfWaiting(incident) {
        did.push(`page ${incident}`);
        return (
          options.pageIfWaiting?.(incident) ?? {
            action: "paged",
            sentence: "Escalated to level 2.",
            at: clock.now(),
          }
        );
      },
    },
    notes: {
      async listNotes(incident) {
        did.push(`notes of ${incident}`);
        return [...(options.notes?.[incident] ?? [])];
      },
      async addNote(incident) {
        did.push(`note on ${incident}`);
      },
    },
    sweeping: {
      bot: BOT,
      pagerduty: {
        listLogEntries: (id) => scripted.listLogEntries(id),
        getIncident: scripted.getIncident,
        getEscalationPolicy: scripted.getEscalationPolicy,
        moveIncident: scripted.moveIncident,
        moveIncidents: scripted.moveIncidents,
        async *listIncidents() {
          yield* (lists.length > 1 ? lists.shift() : lists[0]) ?? [];
        },
        async *listAnnotations({ since, until }) {
          did.push("annotations");
          for (const { at, incident, by } of options.annotations ?? [])
            if (at >= since && at < until) yield { incident, by };
        },
      },
    },
    windowMs: 300_000,
    checks: options.checks ?? null,
    unknownChecks: createUnknownChecks({ ledger: books, clock, log }),
    unrecorded: createUnrecordedDecisions({ ledger: books }),
    notifiedAssigned: new Set(),
    handledIncidents: new Set(),
    checkedAt: null,
    evidenceBy: null,
  };
  return { context, ledger, did, logged, handled, clock, calls: scripted.calls, log: scripted.log };
}

export const none: ActionTaken = { action: "none", sentence: "It is not the bot's.", at: START };
