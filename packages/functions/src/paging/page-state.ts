import type { ActionTaken } from "@mrdata/incident";
import { type IncidentMove, PagerDutyError } from "@mrdata/pagerduty";
import type { PolicyLevels } from "@mrdata/responder";
import type { Look } from "./look.ts";

/** How hard one page tries, milliseconds. */
export type Effort = {
  /** After so long no further try is begun: whoever asked can still tell of the failure in time. */
  readonly patienceMs: number;
  /** The wait before the second try; each further one is twice as long. */
  readonly firstBackoffMs: number;
};

/** PagerDuty's failures are mostly over within seconds. */
export const USUAL_EFFORT: Effort = { patienceMs: 45_000, firstBackoffMs: 250 };
/**
 * Of what failed a short while ago: its message and the sweep come again until it is paged, and while PagerDuty is away
 * hundreds do. Long enough to tell what came of a move that was not answered.
 */
export const EFFORT_AGAIN: Effort = { patienceMs: 12_000, firstBackoffMs: 2_000 };

/** What came of a page: `isWithPrograms` where its move led to programs alone, so that nobody was told. */
export type SettledPage = { readonly taken: ActionTaken; readonly isWithPrograms: boolean };

/** A page that somebody waits for. */
export type AskedPage = {
  readonly incident: string;
  /** When it was asked for, milliseconds since the epoch. */
  readonly askedAt: number;
  /** When it opened by PagerDuty's clock, milliseconds since the epoch; null where that is not known. */
  readonly openedAt: number | null;
  /**
   * When an event told that it waits on the bot, by PagerDuty's clock, milliseconds since the epoch; null where none did. What is
   * read and may be older does not settle the page.
   */
  readonly toldAt: number | null;
  /** The incident as the asker has just read it. */
  readonly look: Look | null;
  readonly effort: Effort;
  /** Moves (by `moveKey`) that are known to leave the incident with the bot; what is found out is added. */
  readonly withoutEffect: Set<string>;
  resolve(settled: SettledPage): void;
  reject(error: unknown): void;
};

/** How far a page has come. */
export type PageState = Omit<AskedPage, "look"> & {
  isSettled: boolean;
  /** Nothing is done with it before, milliseconds since the epoch. */
  dueAt: number;
  /** The last look, while it is good for a move. */
  look: Look | null;
  /** What was sent last, while it is not known what came of it. */
  sent: {
    readonly move: IncidentMove;
    /** Its `moveKey`. */
    readonly key: string;
    readonly at: number;
    /** PagerDuty said yes, without showing the incident. */
    readonly isAccepted: boolean;
    /** It was not answered: it may be done later. */
    readonly mayStillArrive: boolean;
    /** When the incident had been assigned before it was sent. */
    readonly assignedBefore: number | null;
  } | null;
  /** Moves (by `moveKey`) that PagerDuty refuses now: nobody is on call there, there is no such level. */
  readonly refused: Set<string>;
  /** Where it stands in the policy that it follows; another policy is looked at anew. */
  place: { readonly policy: string | null; readonly level: number | null } | null;
  /** How often its log could not be read, which tells at which level it stands. */
  unreadLogs: number;
  levels: PolicyLevels | null | undefined;
  fallbackPolicy: string | null | undefined;
  cannotEscalate: boolean;
  failures: number;
  /** Whether a reading that may be older than the event was told of once: the next one counts. */
  isLookedAtAgain: boolean;
  /** Whether the next single move goes to PUT /incidents instead of PUT /incidents/{id}: only one of them may fail. */
  byBulkCall: boolean;
};

export const beginPage = ({ look: _, ...asked }: AskedPage, now: number): PageState => ({
  ...asked,
  isSettled: false,
  dueAt: now,
  look: null,
  sent: null,
  refused: new Set(),
  place: null,
  unreadLogs: 0,
  levels: undefined,
  fallbackPolicy: undefined,
  cannotEscalate: false,
  failures: 0,
  isLookedAtAgain: false,
  byBulkCall: false,
});

/** One endpoint may be forbidden and the other not: both are tried. */
const MAX_FORBIDDEN = 2;
const MAX_BACKOFF_MS = 8_000;
const MAX_SPREAD_MS = 4_000;

function settle(page: PageState, settled: SettledPage): void {
  page.isSettled = true;
  page.resolve(settled);
}

/** Nothing was done, and nothing is to be done. */
export const settleUntouched = (page: PageState, sentence: string, at: number): void =>
  settle(page, { taken: { action: "none", sentence, at }, isWithPrograms: false });

/** The incident was moved, and is no longer the bot's. */
export function settleMoved(
  page: PageState,
  move: IncidentMove,
  {
    remark,
    isWithPrograms,
    at,
  }: { readonly remark?: string; readonly isWithPrograms: boolean; readonly at: number },
): void {
  const sentence =
    move.kind === "level"
      ? `Escalated to level ${move.level}.`
      : `${page.cannotEscalate ? "PagerDuty cannot escalate this incident" : "No level of its policy was left to try"}: moved to the fallback policy ${move.policy}.`;
  const taken: ActionTaken = {
    action: move.kind === "level" ? "paged" : "delegated",
    sentence: remark === undefined ? sentence : `${sentence} ${remark}`,
    at,
  };
  settle(page, { taken, isWithPrograms });
}

function settleFailed(page: PageState, error: unknown): void {
  page.isSettled = true;
  page.reject(error);
}

/** Tries again later, as late as PagerDuty says or else later each time; gives up when its patience ends, or at once for good. */
export function backOff(page: PageState, error: unknown, now: number): void {
  page.look = null;
  const told = error instanceof PagerDutyError ? error.retryAfterMs : null;
  // Whoever waits for the same minute to begin must not look, and move, in the same moment.
  const wait =
    told !== null
      ? told + Math.random() * MAX_SPREAD_MS
      : Math.min(MAX_BACKOFF_MS, page.effort.firstBackoffMs * 2 ** page.failures);
  page.failures++;
  page.dueAt = now + wait;
  if (isForGood(error, page.failures) || page.dueAt > page.askedAt + page.effort.patienceMs)
    settleFailed(page, error);
}

/** A key that PagerDuty does not know, or that is refused wherever it is tried; what cannot be an id. */
function isForGood(error: unknown, failures: number): boolean {
  if (error instanceof RangeError) return true;
  if (!(error instanceof PagerDutyError)) return false;
  return error.status === 401 || (error.status === 403 && failures > MAX_FORBIDDEN);
}
