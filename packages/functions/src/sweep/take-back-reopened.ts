import type { RestIncident } from "@mrdata/pagerduty";
import { reasonNotToTakeBack } from "@mrdata/responder";
import { readEitherWay } from "../paging/read-either-way.ts";
import { takeBackFromProgram } from "../paging/take-back.ts";
import type { SweepContext } from "./context.ts";
import type { LookedAfter } from "./take-back-undecided.ts";
import { newestEntries, unnotifiedSinceReopening } from "./unnotified-since-reopening.ts";
import { wasStoppedBefore } from "./was-stopped-before.ts";

const LIMITS = { attempts: 1 };

/**
 * Gives people the incidents whose people had been notified, and that were closed, reopened and taken by a program
 * before anybody was notified again: the decision says that people were notified, and only the log shows that this was
 * earlier. Throws where one could not be read or given; the next sweep retries.
 */
export async function takeBackReopened(
  { clock, log, pager, identity, windowMs }: SweepContext,
  { pagerduty, bot }: NonNullable<SweepContext["sweeping"]>,
  { id, createdAt: openedAt }: RestIncident,
): Promise<LookedAfter> {
  const programs = [bot, ...(identity.automationUsers ?? [])];
  const reopenedAt = unnotifiedSinceReopening(
    await newestEntries(pagerduty.listLogEntries(id, LIMITS)),
    programs,
  );
  if (reopenedAt === null) return "done";
  const now = await readEitherWay(pagerduty, { incident: id, openedAt }, LIMITS);
  if (now.status === "triggered" && now.assignees.every((user) => user === bot)) return "again";
  const isTheirs =
    reasonNotToTakeBack(now, programs) === null && wasStoppedBefore(reopenedAt + windowMs, now);
  if (!isTheirs || now.escalationPolicyId === null) return "done";
  const { levels } = await pagerduty.getEscalationPolicy(now.escalationPolicyId, LIMITS);
  if (!levels[0]?.targets.includes(bot)) return "done";
  // The decision stays unchanged: it records what was done when the incident opened.
  await takeBackFromProgram(
    { incident: id, openedAt, programs },
    { pagerduty, fallbackPolicy: pager.fallbackPolicy, clock, log },
  );
  return "done";
}
