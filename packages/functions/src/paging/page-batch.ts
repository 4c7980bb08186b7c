import {
  type IncidentMove,
  type PagerDuty,
  REST_TIME_RESOLUTION_MS,
  type RestIncident,
} from "@mrdata/pagerduty";
import type { Clock, Log } from "@mrdata/platform";
import { reasonNotToPage, reasonNotToTakeBack } from "@mrdata/responder";
import pMap from "p-map";
import { isBehind } from "./behind-event.ts";
import { levelByLog, wasMovedByBot } from "./incident-level.ts";
import type { IncidentReading, IncidentToRead, ReadResult } from "./incident-reader.ts";
import type { LevelReaches } from "./level-reaches.ts";
import { highestLevelOf, moveKey, nextMove } from "./next-move.ts";
import {
  backOff,
  beginPage,
  type PageState,
  type RequestedPage,
  settleMoved,
  settleUntouched,
} from "./page-state.ts";
import type { ReadPolicyLevels } from "./policy-levels.ts";
import { createSendMoves, type PlannedMove } from "./send-moves.ts";

export type PageBatchContext = {
  readonly pagerduty: Pick<PagerDuty, "listLogEntries" | "moveIncident" | "moveIncidents">;
  readonly clock: Clock;
  readonly log: Log;
  /** PagerDuty id of the bot's user. */
  readonly bot: string;
  /** The bot and accounts known to be programs: an incident assigned only to these has reached nobody. */
  readonly programs: readonly string[];
  readonly readIncidents: (wanted: readonly IncidentToRead[]) => Promise<ReadonlyMap<string, ReadResult>>;
  readonly policyLevels: ReadPolicyLevels;
  readonly levelReaches: LevelReaches;
  /** A policy of people only; null where none is set. Never rejects. */
  readonly fallbackPolicy: () => Promise<string | null>;
};

/** An incident is moved only if it was seen waiting on the bot within this time. */
const MAX_READING_AGE_MS = 2_000;
/** A request that was not answered may still be applied: only a read at least this much later shows that it was not. */
const UNANSWERED_MS = 5_000;
/** The longest that reads lag behind: two reads this far apart that agree are believed. */
const BEHIND_MS = 5_000;
/** PagerDuty dates assignments to the second, by its own clock: two this close together may have the same date. */
const SAME_DATE_MS = 2_000;
/** An incident assigned this soon after it opened is still where its opening put it. */
const ASSIGNED_AT_OPENING_MS = 250;
/**
 * PagerDuty dates to the second, so another instance may have escalated an incident within the second it opened without
 * its dates showing that. For incidents older than this the log is read, where that costs few calls.
 */
const OLD_MS = 2 * REST_TIME_RESOLUTION_MS;
const FEW = 20;
const CONCURRENCY = 8;
/** Each round is a read, a move or a wait; the deadline ends a batch long before this. */
const MAX_ROUNDS = 1_000;
const LOG_LIMITS = { attempts: 1, timeoutMs: 3_000 };
/** After this many failed reads of the log that shows its level, the incident is paged without it. */
const MAX_UNREAD_LOGS = 3;
/** The newest entries show level and assignee. */
const MAX_LOG_ENTRIES = 100;

/**
 * Pages the people behind the bot for incidents that wait on it, in as few calls as possible, and settles each
 * requested page. Each incident is read before each attempt to move it, and moved only if it is triggered, assigned to
 * the bot alone, and came there by its policy. A move that PagerDuty accepted but that left the incident with the bot
 * is never repeated: next come the level above, then the fallback policy, and after that PagerDuty's own timer is left
 * alone and an alarm raised. A move that was refused for the moment or not answered is repeated after a new read,
 * within the page's deadline.
 *
 * Pages reject with PagerDutyError where PagerDuty cannot be reached; its own escalation at the window's end remains.
 */
export async function pageBatch(
  requested: readonly RequestedPage[],
  context: PageBatchContext,
): Promise<void> {
  const { clock, readIncidents } = context;
  const sendMoves = createSendMoves(context);
  let open: readonly PageState[] = requested.map((page) => beginPage(page, clock.now()));
  // What the caller has just read is as good as a read here.
  await pMap(requested, async ({ reading: given }, place) => {
    const page = open[place];
    if (page !== undefined && given !== null && isFresh(given, clock.now()))
      await applyReading(
        page,
        { kind: "seen", reading: given },
        { ...context, isFew: requested.length <= FEW },
      );
  });
  open = open.filter(({ isSettled }) => !isSettled);
  for (let round = 1; open.length > 0; round++) {
    if (round > MAX_ROUNDS) return giveUp(open);
    const now = clock.now();
    const due = open.filter(({ dueAt }) => dueAt <= now);
    if (due.length === 0) {
      await clock.sleep(Math.min(...open.map(({ dueAt }) => dueAt)) - now);
      continue;
    }
    const stale = due.filter((page) => !isFresh(page.reading, now));
    if (stale.length > 0) {
      const readings = await readIncidents(stale);
      const isFew = stale.length <= FEW;
      await pMap(stale, (page) => applyReading(page, readings.get(page.incident), { ...context, isFew }), {
        concurrency: CONCURRENCY,
      });
    }
    const ours = due.filter((page) => !page.isSettled && page.reading !== null && page.dueAt <= clock.now());
    const planned: PlannedMove[] = [];
    await pMap(
      ours,
      async (page) => {
        const move = await planMove(page, { ...context, isFew: open.length <= FEW });
        if (move !== null)
          planned.push({ page, move, key: moveKey(move, page.reading?.incident.escalationPolicyId ?? null) });
      },
      { concurrency: CONCURRENCY },
    );
    // Planning may have read policies and logs: incidents whose read is no longer fresh are read again first.
    const sendable = planned.filter(({ page }) => isFresh(page.reading, clock.now()));
    if (sendable.length > 0) await sendMoves(sendable);
    open = open.filter(({ isSettled }) => !isSettled);
  }
}

/** Whatever stops a batch early, its callers are rejected: PagerDuty's own escalation remains. */
function giveUp(open: readonly PageState[]): void {
  for (const page of open) {
    page.isSettled = true;
    page.reject(new Error(`the page of ${page.incident} came to no end in ${MAX_ROUNDS} rounds`));
  }
}

const isFresh = (reading: IncidentReading | null, now: number): boolean =>
  reading !== null && now - reading.at <= MAX_READING_AGE_MS;

/** Applies a read to its page: the page is settled, ready to be moved, or read again later. */
async function applyReading(
  page: PageState,
  result: ReadResult | undefined,
  context: PlanContext,
): Promise<void> {
  const { clock, bot } = context;
  page.reading = null;
  if (result === undefined || result.kind === "failed") {
    const error = result?.error ?? new Error(`the incident ${page.incident} was not read`);
    return backOff(page, error, clock.now());
  }
  if (result.kind === "not found" && mayBeBehind(page, null)) return reread(page, clock.now());
  if (result.kind === "not found")
    return settleUntouched(page, "PagerDuty does not know the incident.", clock.now());
  const { reading } = result;
  const { sent } = page;
  const objection = reasonNotToPage(reading.incident, bot);
  if (objection !== null) {
    if (sent !== null && (await wasOurDoing(reading, page.incident, context)))
      return settleMoved(page, sent.move, {
        remark: "PagerDuty's answer was lost.",
        isWithPrograms: reasonNotToTakeBack(reading.incident, context.programs) === null,
        at: clock.now(),
      });
    if (mayBeBehind(page, reading)) return reread(page, clock.now());
    return settleUntouched(page, objection, clock.now());
  }
  const isAssignedAnew = sent !== null && wasAssignedSince(sent.assignedBefore, reading);
  if (sent?.mayStillArrive && !isAssignedAnew && reading.at - sent.at < UNANSWERED_MS) {
    page.dueAt = sent.at + UNANSWERED_MS;
    return;
  }
  if (sent !== null) {
    const isMade =
      sent.isAccepted || isAssignedAnew || (await isMadeByLog(page.incident, sent, reading, context));
    if (isMade) page.withoutEffect.add(sent.key);
  }
  page.sent = null;
  page.reading = reading;
}

/** True if the result may be older than the event that showed the incident waiting, and has not been read again yet. */
const mayBeBehind = ({ waitingAt, wasReread }: PageState, reading: IncidentReading | null): boolean =>
  waitingAt !== null && !wasReread && (reading === null || isBehind(reading.incident, waitingAt));

function reread(page: PageState, now: number): void {
  page.wasReread = true;
  page.dueAt = now + BEHIND_MS;
}

/**
 * True if it was assigned to the bot once more: the move was made, though its answer was lost, and led back to the bot.
 */
const wasAssignedSince = (before: number | null, { incident: { assignedAt } }: IncidentReading): boolean =>
  before !== null && assignedAt !== null && assignedAt > before;

/**
 * For a move that was not answered, where the assignment date is unchanged (which proves nothing within the same
 * second): whether the incident's log shows it at the level that the move targeted.
 */
async function isMadeByLog(
  id: string,
  { move, calledAt, mayStillArrive, assignedBefore }: NonNullable<PageState["sent"]>,
  { incident: { assignedAt } }: IncidentReading,
  { pagerduty, bot, isFew }: PlanContext,
): Promise<boolean> {
  const isOpen =
    assignedBefore !== null &&
    assignedAt === assignedBefore &&
    Math.abs(calledAt - assignedBefore) < SAME_DATE_MS;
  if (!mayStillArrive || !isOpen || move.kind !== "level" || !isFew) return false;
  try {
    return levelByLog(await newestEntries(pagerduty.listLogEntries(id, LOG_LIMITS)), bot) >= move.level;
  } catch {
    // The move is then repeated: paging twice is better than never.
    return false;
  }
}

/** Whether the bot moved the incident, where the answer to the move was lost. */
async function wasOurDoing(
  { incident }: IncidentReading,
  id: string,
  { pagerduty, bot }: PageBatchContext,
): Promise<boolean> {
  // It followed its policy to somebody else, so the move that was sent did it.
  if (incident.status === "triggered" && incident.assignedVia === "escalation_policy") return true;
  try {
    return wasMovedByBot(await newestEntries(pagerduty.listLogEntries(id, LOG_LIMITS)), bot);
  } catch {
    // The incident is known not to be the bot's any more; who moved it is not known.
    return false;
  }
}

type PlanContext = PageBatchContext & { readonly isFew: boolean };

/** The next move of an incident; null where nothing is left to try, which is logged and settles the page. */
async function planMove(page: PageState, context: PlanContext): Promise<IncidentMove | null> {
  const { reading } = page;
  if (reading === null) return null;
  const { incident } = reading;
  const { escalationPolicyId: policy, assignedAt } = incident;
  // What could not be read for the attempt before may be readable for this one.
  if (page.place?.policy !== policy || page.levels === null) page.levels = undefined;
  if (page.fallbackReaches === null) page.fallbackReaches = undefined;
  if (page.place === null || page.place.policy !== policy || page.place.assignedAt !== assignedAt) {
    const read = await levelOf(page.incident, reading, context);
    if ("error" in read && ++page.unreadLogs < MAX_UNREAD_LOGS) {
      backOff(page, read.error, context.clock.now());
      return null;
    }
    const level = "error" in read ? await levelWithoutLog(page, reading, context) : read.level;
    page.place = { policy, level, assignedAt };
  }
  for (;;) {
    const next = nextMove({
      incident,
      programs: context.programs,
      level: page.place.level,
      tried: new Set([...page.withoutEffect, ...page.refused]),
      cannotEscalate: page.cannotEscalate,
      fallbackPolicy: page.fallbackPolicy,
      fallbackReaches: page.fallbackReaches,
      levels: page.levels,
    });
    if (next === "read fallback policy") page.fallbackPolicy = await context.fallbackPolicy();
    else if (next === "read fallback on-call")
      page.fallbackReaches =
        page.fallbackPolicy == null ? null : await context.levelReaches(page.fallbackPolicy, 1);
    else if (next === "read policy")
      page.levels = policy === null ? null : await context.policyLevels(policy);
    else if (next !== null) return next;
    else {
      nobodyReached(page, context);
      return null;
    }
  }
}

function nobodyReached(page: PageState, { clock, log }: PageBatchContext): void {
  const { incident, fallbackPolicy } = page;
  const sentence = `No level of the incident's policy reaches a person${
    fallbackPolicy == null
      ? ", and no fallback policy is set (MRDATA_FALLBACK_POLICY, or fallbackPolicy in the settings)"
      : `, and neither does the fallback policy ${fallbackPolicy}`
  }: left to PagerDuty's own escalation.`;
  log({ severity: "CRITICAL", event: "page.nobody-reached", incident, sentence });
  settleUntouched(page, sentence, clock.now());
}

/** The incident's level, or the error where only its log shows the level and that could not be read. */
type LevelRead = { readonly level: number } | { readonly error: unknown };

/** True if its dates show it where its opening put it, to the second: not what happened within that second. */
const isAtOpening = ({ createdAt, assignedAt }: RestIncident): boolean =>
  createdAt !== null && assignedAt !== null && assignedAt - createdAt <= ASSIGNED_AT_OPENING_MS;

/** The incident's current level. Its log is read where it may have been moved since it opened. */
async function levelOf(
  id: string,
  { incident, at }: IncidentReading,
  { pagerduty, bot, isFew, levelReaches }: PlanContext,
): Promise<LevelRead> {
  const { createdAt, escalationPolicyId: policy } = incident;
  const isOld = createdAt === null || at - createdAt > OLD_MS;
  if (isAtOpening(incident) && !isOld) return { level: 1 };
  // For many one call a policy: where nobody is on call on level 2, a move there, perhaps made before, tells nobody.
  if (isAtOpening(incident) && !isFew)
    return { level: policy !== null && (await levelReaches(policy, 2)) === false ? 2 : 1 };
  try {
    return { level: levelByLog(await newestEntries(pagerduty.listLogEntries(id, LOG_LIMITS)), bot) };
  } catch (error) {
    return { error };
  }
}

/**
 * The level of an incident whose log cannot be read: where this bot's own moves left it. Else it is unknown, except of
 * one that seems to be where its opening put it and whose level 2 has a person on call: a move there tells that person
 * at once, and so puts nobody off, even if another instance has already made the same move.
 */
async function levelWithoutLog(
  { withoutEffect }: PageState,
  { incident }: IncidentReading,
  { levelReaches }: PlanContext,
): Promise<number | null> {
  const policy = incident.escalationPolicyId;
  const known = highestLevelOf(withoutEffect, policy);
  if (known !== null) return known;
  return isAtOpening(incident) && policy !== null && (await levelReaches(policy, 2)) ? 1 : null;
}

async function newestEntries<T>(entries: AsyncIterable<T>): Promise<readonly T[]> {
  const newest: T[] = [];
  for await (const entry of entries) {
    newest.push(entry);
    if (newest.length === MAX_LOG_ENTRIES) break;
  }
  return newest;
}
