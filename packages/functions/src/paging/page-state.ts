import type { ActionTaken } from "@mrdata/incident";
import { type IncidentMove, PagerDutyError } from "@mrdata/pagerduty";
import type { PolicyLevels } from "@mrdata/responder";
import type { IncidentReading } from "./incident-reader.ts";

/** How hard one page tries, in milliseconds. */
export type Effort = {
  /** No attempt begins later than this after the request, so that the caller can still report the failure in time. */
  readonly retryForMs: number;
  /** The wait before the second attempt; it doubles with each further one. */
  readonly firstBackoffMs: number;
};

/** Most failures of PagerDuty are over within seconds. */
export const DEFAULT_EFFORT: Effort = { retryForMs: 45_000, firstBackoffMs: 250 };
/**
 * For an incident whose page failed recently: its message and the sweep retry until it is paged, and during a PagerDuty
 * outage hundreds do. Long enough to learn the outcome of a move that was not answered.
 */
export const REPEAT_EFFORT: Effort = { retryForMs: 12_000, firstBackoffMs: 2_000 };

/** The outcome of a page: `isWithPrograms` where its move led only to programs, so that nobody was notified. */
export type SettledPage = { readonly taken: ActionTaken; readonly isWithPrograms: boolean };

/** A page that a caller waits for. */
export type RequestedPage = {
  readonly incident: string;
  /** When the page was requested, milliseconds since the epoch. */
  readonly requestedAt: number;
  /** When the incident opened by PagerDuty's clock, milliseconds since the epoch; null where that is not known. */
  readonly openedAt: number | null;
  /**
   * When an event showed the incident waiting on the bot, by PagerDuty's clock, milliseconds since the epoch; null
   * where none did. A read that may be older does not settle the page.
   */
  readonly waitingAt: number | null;
  /** The incident as the caller has just read it. */
  readonly reading: IncidentReading | null;
  readonly effort: Effort;
  /** Moves (by `moveKey`) known to leave the incident with the bot; newly found ones are added. */
  readonly withoutEffect: Set<string>;
  resolve(settled: SettledPage): void;
  reject(error: unknown): void;
};

/** The progress of a page. */
export type PageState = Omit<RequestedPage, "reading"> & {
  isSettled: boolean;
  /** Nothing is done with the page before this time, milliseconds since the epoch. */
  dueAt: number;
  /** The last read, while it is fresh enough for a move. */
  reading: IncidentReading | null;
  /** The last move sent, while its outcome is unknown. */
  sent: {
    readonly move: IncidentMove;
    /** Its `moveKey`. */
    readonly key: string;
    /** When the call began and when it ended, milliseconds since the epoch: PagerDuty made the move in between, or later. */
    readonly calledAt: number;
    readonly at: number;
    /** PagerDuty accepted it without showing the incident. */
    readonly isAccepted: boolean;
    /** It was not answered, and may still be applied later. */
    readonly mayStillArrive: boolean;
    /** The incident's assignment date before the move was sent. */
    readonly assignedBefore: number | null;
  } | null;
  /** Moves (by `moveKey`) that PagerDuty refuses now: nobody is on call there, or the level does not exist. */
  readonly refused: Set<string>;
  /**
   * The level in the policy that the incident follows. Under another policy, or once it was assigned again (another
   * instance may have moved it), it is determined anew.
   */
  place: {
    readonly policy: string | null;
    readonly level: number | null;
    readonly assignedAt: number | null;
  } | null;
  /** How often the log that shows its level could not be read. */
  unreadLogs: number;
  levels: PolicyLevels | null | undefined;
  fallbackPolicy: string | null | undefined;
  fallbackReaches: boolean | null | undefined;
  cannotEscalate: boolean;
  failures: number;
  /** Whether a read that may be older than the event was already repeated once: the next one counts. */
  wasReread: boolean;
  /**
   * Whether the next single move uses PUT /incidents instead of PUT /incidents/{id}: only one of them may be failing.
   */
  byBulkCall: boolean;
};

export const beginPage = ({ reading: _, ...requested }: RequestedPage, now: number): PageState => ({
  ...requested,
  isSettled: false,
  dueAt: now,
  reading: null,
  sent: null,
  refused: new Set(),
  place: null,
  unreadLogs: 0,
  levels: undefined,
  fallbackPolicy: undefined,
  fallbackReaches: undefined,
  cannotEscalate: false,
  failures: 0,
  wasReread: false,
  byBulkCall: false,
});

/** One endpoint may be forbidden and the other not, so both are tried. */
const MAX_FORBIDDEN = 2;
const MAX_BACKOFF_MS = 8_000;
const MAX_SPREAD_MS = 4_000;

function settle(page: PageState, settled: SettledPage): void {
  page.isSettled = true;
  page.resolve(settled);
}

/** Nothing was done, and nothing needs to be done. */
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

/**
 * Retries later: when PagerDuty says, or with growing backoff. Gives up after `retryForMs`, or at once if no retry can
 * help.
 */
export function backOff(page: PageState, error: unknown, now: number): void {
  page.reading = null;
  const told = error instanceof PagerDutyError ? error.retryAfterMs : null;
  // The spread keeps those who wait for the same minute to begin from reading, and moving, at the same moment.
  const wait =
    told !== null
      ? told + Math.random() * MAX_SPREAD_MS
      : Math.min(MAX_BACKOFF_MS, page.effort.firstBackoffMs * 2 ** page.failures);
  page.failures++;
  page.dueAt = now + wait;
  if (isForGood(error, page.failures) || page.dueAt > page.requestedAt + page.effort.retryForMs)
    settleFailed(page, error);
}

/** Permanent: an unknown API key, a refusal at every endpoint, or a value that cannot be an id. */
function isForGood(error: unknown, failures: number): boolean {
  if (error instanceof RangeError) return true;
  if (!(error instanceof PagerDutyError)) return false;
  return error.status === 401 || (error.status === 403 && failures > MAX_FORBIDDEN);
}
