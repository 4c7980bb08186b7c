import { type IncidentMove, type PagerDuty, REST_TIME_RESOLUTION_MS } from "@mrdata/pagerduty";
import type { Clock, Log } from "@mrdata/platform";
import { reasonNotToPage, reasonNotToTakeBack } from "@mrdata/responder";
import pMap from "p-map";
import { isBehind } from "./behind-event.ts";
import { levelByLog, wasMovedByBot } from "./incident-level.ts";
import type { Look, LookResult, WantedLook } from "./look.ts";
import { moveKey, nextMove } from "./next-move.ts";
import {
  type AskedPage,
  backOff,
  beginPage,
  type PageState,
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
  /** The bot, and accounts that are known as programs': what is with them alone has reached nobody. */
  readonly programs: readonly string[];
  readonly look: (wanted: readonly WantedLook[]) => Promise<ReadonlyMap<string, LookResult>>;
  readonly policyLevels: ReadPolicyLevels;
  /** A policy of people only; null where none is set. Never rejects. */
  readonly fallbackPolicy: () => Promise<string | null>;
};

/** A change is made only of what was seen to wait on the bot within this. */
const MAX_LOOK_AGE_MS = 2_000;
/** What was sent and not answered may still arrive: only a look so long afterwards says that it was not done. */
const UNANSWERED_MS = 5_000;
/** Readings are this much behind at most: two that agree at such a distance are believed. */
const BEHIND_MS = 5_000;
/** PagerDuty dates assignments to the second, by its own clock: so close together two of them may have one date. */
const SAME_DATE_MS = 2_000;
/** An incident that was assigned so soon after it opened stands where its opening put it. */
const ASSIGNED_AT_OPENING_MS = 250;
/**
 * PagerDuty dates to the second. Of one that is older than that another instance may have escalated it within the second of its
 * opening, which its dates do not tell: its log is read where that costs few calls.
 */
const OLD_MS = 2 * REST_TIME_RESOLUTION_MS;
const FEW = 20;
const CONCURRENCY = 8;
/** Each of them a look, a move or a wait: the deadline ends a batch long before. */
const MAX_ROUNDS = 1_000;
const LOG_LIMITS = { attempts: 1, timeoutMs: 3_000 };
/** So often the log that tells an incident's level is asked for before the incident goes to the fallback policy without it. */
const MAX_UNREAD_LOGS = 3;
/** Level and assignee are in the newest entries. */
const MAX_LOG_ENTRIES = 100;

/**
 * Pages the people behind the bot for incidents that wait on it, in as few calls as there are, and settles each page
 * that was asked for. Each incident is read before each try to move it, and moved only if it is triggered, the bot's
 * alone, and came there by its policy. A move that PagerDuty accepted and that left the incident with the bot is never
 * sent again: the next level, then the fallback policy, and then PagerDuty's own timer is left alone and an alarm
 * raised. What it refused for the moment or did not answer is sent again after a new look, within the page's deadline.
 *
 * Pages reject with PagerDutyError where PagerDuty cannot be reached: its own escalation at the window's end stands.
 */
export async function pageBatch(asked: readonly AskedPage[], context: PageBatchContext): Promise<void> {
  const { clock, look } = context;
  const sendMoves = createSendMoves(context);
  let open: readonly PageState[] = asked.map((page) => beginPage(page, clock.now()));
  // What the asker has just read says as much as a look.
  await pMap(asked, async ({ look: given }, place) => {
    const page = open[place];
    if (page !== undefined && given !== null && isFresh(given, clock.now()))
      await afterLook(page, { kind: "seen", look: given }, { ...context, isFew: asked.length <= FEW });
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
    const stale = due.filter((page) => !isFresh(page.look, now));
    if (stale.length > 0) {
      const looks = await look(stale);
      const isFew = stale.length <= FEW;
      await pMap(stale, (page) => afterLook(page, looks.get(page.incident), { ...context, isFew }), {
        concurrency: CONCURRENCY,
      });
    }
    const ours = due.filter((page) => !page.isSettled && page.look !== null && page.dueAt <= clock.now());
    const planned: PlannedMove[] = [];
    await pMap(
      ours,
      async (page) => {
        const move = await planMove(page, { ...context, isFew: open.length <= FEW });
        if (move !== null)
          planned.push({ page, move, key: moveKey(move, page.look?.incident.escalationPolicyId ?? null) });
      },
      { concurrency: CONCURRENCY },
    );
    // Planning may have read policies and logs: what is no longer fresh is looked at again first.
    const sendable = planned.filter(({ page }) => isFresh(page.look, clock.now()));
    if (sendable.length > 0) await sendMoves(sendable);
    open = open.filter(({ isSettled }) => !isSettled);
  }
}

/** Whatever keeps a batch from its end, those who wait for it are told: PagerDuty's own escalation stands. */
function giveUp(open: readonly PageState[]): void {
  for (const page of open) {
    page.isSettled = true;
    page.reject(new Error(`the page of ${page.incident} came to no end in ${MAX_ROUNDS} rounds`));
  }
}

const isFresh = (look: Look | null, now: number): boolean =>
  look !== null && now - look.at <= MAX_LOOK_AGE_MS;

/** What a look says of a page: it is settled, to be moved, or to be looked at again later. */
async function afterLook(
  page: PageState,
  result: LookResult | undefined,
  context: PlanContext,
): Promise<void> {
  const { clock, bot } = context;
  page.look = null;
  if (result === undefined || result.kind === "failed") {
    const error = result?.error ?? new Error(`the incident ${page.incident} was not read`);
    return backOff(page, error, clock.now());
  }
  if (result.kind === "not found" && mayBeBehind(page, null)) return lookAgain(page, clock.now());
  if (result.kind === "not found")
    return settleUntouched(page, "PagerDuty does not know the incident.", clock.now());
  const { look } = result;
  const { sent } = page;
  const objection = reasonNotToPage(look.incident, bot);
  if (objection !== null) {
    if (sent !== null && (await wasOurDoing(look, page.incident, context)))
      return settleMoved(page, sent.move, {
        remark: "PagerDuty's answer was lost.",
        isWithPrograms: reasonNotToTakeBack(look.incident, context.programs) === null,
        at: clock.now(),
      });
    if (mayBeBehind(page, look)) return lookAgain(page, clock.now());
    return settleUntouched(page, objection, clock.now());
  }
  const isAssignedAnew = sent !== null && wasAssignedSince(sent.assignedBefore, look);
  if (sent?.mayStillArrive && !isAssignedAnew && look.at - sent.at < UNANSWERED_MS) {
    page.dueAt = sent.at + UNANSWERED_MS;
    return;
  }
  if (sent !== null) {
    const isMade =
      sent.isAccepted || isAssignedAnew || (await isMadeByLog(page.incident, sent, look, context));
    if (isMade) page.withoutEffect.add(sent.key);
  }
  page.sent = null;
  page.look = look;
}

/** True if what was read, or not found, may be older than the event that told of the incident, and was not read again yet. */
const mayBeBehind = ({ toldAt, isLookedAtAgain }: PageState, look: Look | null): boolean =>
  toldAt !== null && !isLookedAtAgain && (look === null || isBehind(look.incident, toldAt));

function lookAgain(page: PageState, now: number): void {
  page.isLookedAtAgain = true;
  page.dueAt = now + BEHIND_MS;
}

/** True if it came to the bot once more: the move was made, though its answer was lost, and led to the bot itself. */
const wasAssignedSince = (before: number | null, { incident: { assignedAt } }: Look): boolean =>
  before !== null && assignedAt !== null && assignedAt > before;

/**
 * Where a move was not answered and the incident's assignment has the date that it had before, which says nothing within a
 * second: whether its log shows it at the level that it was sent to.
 */
async function isMadeByLog(
  id: string,
  { move, at, mayStillArrive, assignedBefore }: NonNullable<PageState["sent"]>,
  { incident: { assignedAt } }: Look,
  { pagerduty, bot, isFew }: PlanContext,
): Promise<boolean> {
  const isOpen =
    assignedBefore !== null && assignedAt === assignedBefore && Math.abs(at - assignedBefore) < SAME_DATE_MS;
  if (!mayStillArrive || !isOpen || move.kind !== "level" || !isFew) return false;
  try {
    return levelByLog(await newestEntries(pagerduty.listLogEntries(id, LOG_LIMITS)), bot) >= move.level;
  } catch {
    // Then it is sent again: twice is better than never.
    return false;
  }
}

/** Whether it was the bot that moved the incident, where the answer to the move was lost. */
async function wasOurDoing(
  { incident }: Look,
  id: string,
  { pagerduty, bot }: PageBatchContext,
): Promise<boolean> {
  // It followed its policy to somebody else: by the move that was sent.
  if (incident.status === "triggered" && incident.assignedVia === "escalation_policy") return true;
  try {
    return wasMovedByBot(await newestEntries(pagerduty.listLogEntries(id, LOG_LIMITS)), bot);
  } catch {
    // That the incident is no longer the bot's is known; who moved it is not.
    return false;
  }
}

type PlanContext = PageBatchContext & { readonly isFew: boolean };

/** The next move of an incident; null where nothing is left to try, which is told and settles the page. */
async function planMove(page: PageState, context: PlanContext): Promise<IncidentMove | null> {
  const { look } = page;
  if (look === null) return null;
  const { incident } = look;
  const policy = incident.escalationPolicyId;
  if (page.place === null || page.place.policy !== policy) {
    const read = await levelOf(page.incident, look, context);
    if ("error" in read && ++page.unreadLogs < MAX_UNREAD_LOGS) {
      backOff(page, read.error, context.clock.now());
      return null;
    }
    page.place = { policy, level: "error" in read ? null : read.level };
    page.levels = undefined;
  }
  for (;;) {
    const next = nextMove({
      incident,
      programs: context.programs,
      level: page.place.level,
      tried: new Set([...page.withoutEffect, ...page.refused]),
      cannotEscalate: page.cannotEscalate,
      fallbackPolicy: page.fallbackPolicy,
      levels: page.levels,
    });
    if (next === "read fallback policy") page.fallbackPolicy = await context.fallbackPolicy();
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

/** The level at which an incident stands; why not where only its log tells, and that could not be read. */
type LevelRead = { readonly level: number } | { readonly error: unknown };

/** The level at which an incident stands. Its log is read where it may have been moved since it opened. */
async function levelOf(
  id: string,
  { incident, at }: Look,
  { pagerduty, bot, isFew }: PlanContext,
): Promise<LevelRead> {
  const { createdAt, assignedAt } = incident;
  const isAtOpening =
    createdAt !== null && assignedAt !== null && assignedAt - createdAt <= ASSIGNED_AT_OPENING_MS;
  const isOld = createdAt === null || at - createdAt > OLD_MS;
  if (isAtOpening && !(isOld && isFew)) return { level: 1 };
  try {
    return { level: levelByLog(await newestEntries(pagerduty.listLogEntries(id, LOG_LIMITS)), bot) };
  } catch (error) {
    return isAtOpening ? { level: 1 } : { error };
  }
}

async function newestEntries<T>(entries: AsyncIterable<T>): Promise<readonly T[]> {
  const newest: T[] = [];
  for await (const entry of entries) {
    newest.push(entry);
    if (newest.length === MAX_LOG_ENTRIES) break;
  }
  return newest;
}
