import type { ActionTaken, Prediction } from "@mrdata/incident";
import type { RestIncident, RestLogEntry } from "@mrdata/pagerduty";
import { unnotifiedUntil } from "@mrdata/responder";
import { takeBackFromProgram } from "../paging/take-back.ts";
import type { SweepContext } from "./context.ts";
import { wasStoppedBefore } from "./was-stopped-before.ts";

const LIMITS = { attempts: 1 };
/** The newest entries show who assigned it. */
const MAX_LOG_ENTRIES = 20;

/**
 * Gives people an incident that a known program assigned to the bot by hand before anybody was notified, since its opening or since
 * it was reopened, and that no webhook told of: it is with the bot as before, but PagerDuty's timer is stopped for good. Whoever
 * calls has ended its hold. Returns what was done, null if nothing: what a person assigned to the bot is left alone. Throws where
 * its log cannot be read or nobody could be given it; the next sweep retries.
 */
export async function takeBackAssigned(
  { ledger, clock, log, pager, identity, windowMs, sweeping }: SweepContext,
  incident: RestIncident,
  stored: Prediction | null,
): Promise<ActionTaken | null> {
  const agents = identity.automationUsers ?? [];
  if (sweeping === null || agents.length === 0) return null;
  const { id, createdAt: openedAt } = incident;
  const { pagerduty, bot } = sweeping;
  const programs = [bot, ...agents];
  const { assignedBy, reopenedAt } = await lastAssignment(pagerduty.listLogEntries(id, LIMITS), programs);
  if (assignedBy === null || !agents.includes(assignedBy)) return null;
  const sinceOpening = stored === null ? (openedAt ?? 0) + windowMs : unnotifiedUntil(stored);
  const until = reopenedAt === null ? sinceOpening : reopenedAt + windowMs;
  if (until === null || !wasStoppedBefore(until, incident)) return null;
  const taken = await takeBackFromProgram(
    { incident: id, openedAt, programs },
    { pagerduty, fallbackPolicy: pager.fallbackPolicy, clock, log },
  );
  if (taken.action === "none") return null;
  if (stored !== null) await ledger.noteAction(id, taken);
  return taken;
}

/** Who was the last to assign it by hand, and when it was reopened if nobody had been notified since then; null where the log shows none. */
type Assignment = { readonly assignedBy: string | null; readonly reopenedAt: number | null };

async function lastAssignment(
  newestFirst: AsyncIterable<RestLogEntry>,
  programs: readonly string[],
): Promise<Assignment> {
  const isPerson = (user: string | null): boolean => user !== null && !programs.includes(user);
  let assignedBy: string | null = null;
  let read = 0;
  for await (const { type, at, agent, isByUser, user } of newestFirst) {
    if (assignedBy === null) {
      if (type === "assign" && isByUser) assignedBy = agent;
    } else {
      if (type === "reopen") return { assignedBy, reopenedAt: at };
      const isByPerson = isByUser && isPerson(agent) && type !== "annotate";
      if (isByPerson || (type === "notify" && isPerson(user)) || type === "trigger") break;
    }
    if (++read === MAX_LOG_ENTRIES) break;
  }
  return { assignedBy, reopenedAt: null };
}
