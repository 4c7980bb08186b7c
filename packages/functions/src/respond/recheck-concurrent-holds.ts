import type { Prediction, Verdict } from "@mrdata/incident";
import { type Circumstances, heldLately, judgeAll, sharedRails } from "@mrdata/responder";
import { releaseHolds } from "../paging/release-holds.ts";
import { writeDecisionNote } from "../paging/write-note.ts";
import type { RespondContext } from "./context.ts";
import { logRailFailure } from "./rail-failure.ts";

const HOUR = 3_600_000;

/**
 * Runs after a hold is stored. Holds decided concurrently did not see each other, so the guard rails that add up holds
 * are evaluated again over all that are stored now. Whichever checks last sees the others; two that see each other both
 * page. All of it may be repeated after a crash: the note is written once, by its marker.
 */
export async function recheckConcurrentHolds(
  context: RespondContext,
  hold: Prediction,
  { decision }: { readonly decision: { readonly circumstances: Circumstances } },
): Promise<void> {
  if (await endIfOver(context, hold)) return;
  const stored = await context.ledger.holdsSince(hold.decidedAt - HOUR);
  const others = stored.filter(({ incident }) => incident !== hold.incident);
  const held = heldLately(others, hold, hold.decidedAt);
  const railFailed = logRailFailure(context, hold.incident);
  const verdicts = judgeAll({ ...decision.circumstances, held }, sharedRails, railFailed);
  const denial = verdicts.find(({ allowsHold }) => !allowsHold);
  if (denial !== undefined) await releaseHolds(context, [hold], denial.sentence);
  await writeDecisionNote(context, denial === undefined ? hold : insteadOfHold(hold, denial));
}

/**
 * True if the incident's end arrived before its opening: its hold then ended with it, and there is nothing to report.
 */
async function endIfOver({ ledger }: RespondContext, { incident, holdUntil }: Prediction): Promise<boolean> {
  const events = (await ledger.incident(incident))?.events ?? [];
  const last = events.findLast(({ type }) => type === "resolved" || type === "reopened");
  if (last?.type !== "resolved" || holdUntil === null) return false;
  await ledger.endHold(incident, {
    at: Math.min(last.occurredAt, holdUntil),
    why: `resolved by ${last.actor}`,
  });
  return true;
}

/** The decision as it reads for a hold that was released as soon as it was stored. */
const insteadOfHold = (hold: Prediction, denial: Verdict): Prediction => ({
  ...hold,
  decision: "page",
  decidedBy: denial.name,
  verdicts: [denial],
  holdUntil: null,
});
