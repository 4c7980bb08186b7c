import type { RestIncident } from "@mrdata/pagerduty";
import { reasonNotToTakeBack } from "@mrdata/responder";
import { barePrediction } from "../paging/bare-prediction.ts";
import { readEitherWay } from "../paging/read-either-way.ts";
import { takeBackFromProgram } from "../paging/take-back.ts";
import type { SweepContext } from "./context.ts";
import { LEFT_TO_RESPOND_MS } from "./page-waiting.ts";
import { noteUnreported } from "./read-unreported-notes.ts";
import { wasStoppedBefore } from "./was-stopped-before.ts";

/**
 * An incident that a program has had for longer was seen by people, or is theirs to find: a new bot wakes nobody for
 * it.
 */
const MAX_AGE_MS = 86_400_000;

/** Whether an incident needs to be examined again. */
export type LookedAfter = "done" | "again";

/**
 * Gives people the incidents that reached the bot while it was not running, and that a program took before PagerDuty's
 * timer had notified anybody: no hold shows that, but the policy, which has the bot on level 1, and the timestamps do.
 * Throws where one could not be read or given; the next sweep retries.
 */
export async function takeBackUndecided(
  context: SweepContext,
  { pagerduty, bot }: NonNullable<SweepContext["sweeping"]>,
  incident: RestIncident,
): Promise<LookedAfter> {
  const { ledger, clock, log, pager, identity, unrecorded, windowMs } = context;
  const { id, createdAt, title } = incident;
  if (createdAt === null || clock.now() - createdAt > MAX_AGE_MS) return "done";
  if (clock.now() - createdAt < LEFT_TO_RESPOND_MS) return "again";
  const now = await readEitherWay(pagerduty, { incident: id, openedAt: createdAt }, { attempts: 1 });
  if (now.status === "triggered" && now.assignees.every((user) => user === bot)) return "again";
  const programs = [bot, ...(identity.automationUsers ?? [])];
  const isTheirs = reasonNotToTakeBack(now, programs) === null && wasStoppedBefore(createdAt + windowMs, now);
  if (!isTheirs || now.escalationPolicyId === null) return "done";
  const { levels } = await pagerduty.getEscalationPolicy(now.escalationPolicyId, { attempts: 1 });
  if (!levels[0]?.targets.includes(bot)) return "done";
  const taken = await takeBackFromProgram(
    { incident: id, openedAt: createdAt, programs },
    { pagerduty, fallbackPolicy: pager.fallbackPolicy, clock, log },
  );
  if (taken.action === "none") return "done";
  noteUnreported(context, incident);
  const decision = barePrediction({
    incident: id,
    service: now.serviceId,
    title,
    openedAt: createdAt,
    mode: "shadow",
    windowMs,
    decidedBy: "sweep",
    sentence: "A program took it before the bot was notified of it, and before anybody was.",
    taken,
  });
  try {
    if (!(await ledger.createPrediction(decision))) await ledger.noteAction(id, taken);
  } catch (error) {
    // People have it, and no later poll would find it and write the decision.
    unrecorded.add(decision);
    throw error;
  }
  return "done";
}
