import type { ActionTaken, Prediction } from "@mrdata/incident";
import type { RestIncident } from "@mrdata/pagerduty";
import { unnotifiedUntil } from "@mrdata/responder";
import { takeBackFromProgram } from "../paging/take-back.ts";
import type { SweepContext } from "./context.ts";
import { newestEntries, unnotifiedSinceReopening } from "./unnotified-since-reopening.ts";
import { wasStoppedBefore } from "./was-stopped-before.ts";

const LIMITS = { attempts: 1 };

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
  const entries = await newestEntries(pagerduty.listLogEntries(id, LIMITS));
  const assigned = entries.findIndex(({ type, isByUser }) => type === "assign" && isByUser);
  const assignedBy = entries[assigned]?.agent ?? null;
  if (assignedBy === null || !agents.includes(assignedBy)) return null;
  // Of an incident that does not say when it opened nobody is known to have been notified.
  const windowEnd = openedAt === null ? Number.POSITIVE_INFINITY : openedAt + windowMs;
  const sinceOpening = stored === null ? windowEnd : unnotifiedUntil(stored);
  const reopenedAt = unnotifiedSinceReopening(entries.slice(assigned + 1), programs);
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
