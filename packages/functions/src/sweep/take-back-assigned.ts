import type { ActionTaken, Prediction } from "@mrdata/incident";
import type { RestIncident } from "@mrdata/pagerduty";
import { unnotifiedUntil } from "@mrdata/responder";
import { takeBackFromProgram } from "../paging/take-back.ts";
import type { SweepContext } from "./context.ts";
import { wasStoppedBefore } from "./was-stopped-before.ts";

const LIMITS = { attempts: 1 };
/** The newest entries show who assigned it. */
const MAX_LOG_ENTRIES = 20;

/**
 * Gives people an incident that a known program assigned to the bot by hand before anybody was notified, and that no
 * webhook told of: it is with the bot as before, but PagerDuty's timer is stopped for good. Whoever calls has ended its
 * hold. Returns what was done, null if nothing: what a person assigned to the bot is left alone. Throws where its log
 * cannot be read or nobody could be given it; the next sweep retries.
 */
export async function takeBackAssigned(
  { ledger, clock, log, pager, identity, windowMs, sweeping }: SweepContext,
  incident: RestIncident,
  stored: Prediction | null,
): Promise<ActionTaken | null> {
  const agents = identity.automationUsers ?? [];
  if (sweeping === null || agents.length === 0) return null;
  const { id, createdAt: openedAt } = incident;
  const until = stored === null ? (openedAt ?? 0) + windowMs : unnotifiedUntil(stored);
  if (until === null || !wasStoppedBefore(until, incident)) return null;
  const { pagerduty, bot } = sweeping;
  const assignedBy = await lastToAssign(pagerduty, id);
  if (assignedBy === null || !agents.includes(assignedBy)) return null;
  const taken = await takeBackFromProgram(
    { incident: id, openedAt, programs: [bot, ...agents] },
    { pagerduty, fallbackPolicy: pager.fallbackPolicy, clock, log },
  );
  if (taken.action === "none") return null;
  if (stored !== null) await ledger.noteAction(id, taken);
  return taken;
}

/** The user who was the last to assign it by hand; null where the log does not show one. */
async function lastToAssign(
  pagerduty: NonNullable<SweepContext["sweeping"]>["pagerduty"],
  incident: string,
): Promise<string | null> {
  let read = 0;
  for await (const { type, agent, isByUser } of pagerduty.listLogEntries(incident, LIMITS)) {
    if (type === "assign" && isByUser) return agent;
    if (++read === MAX_LOG_ENTRIES) break;
  }
  return null;
}
