import type { Prediction, Verdict } from "@mrdata/incident";
import type { Ledger } from "@mrdata/platform";
import { type Circumstances, heldLately, judgeAll, sharedRails } from "@mrdata/responder";
import type { Hands } from "./hands.ts";

const HOUR = 3_600_000;

export type LookTwicePorts = {
  readonly ledger: Pick<Ledger, "incident" | "holdsSince" | "endHold">;
  readonly hands: Pick<Hands, "release" | "annotate">;
};

/**
 * What follows a stored hold. Holds that were decided at the same time did not see each other: the guard rails that
 * add holds up are asked again with all that are stored by now. Whichever looks last sees the others; two that both
 * see each other both page. All of it may come again after a crash: the note is written once by its marker.
 */
export function createLookTwice({ ledger, hands }: LookTwicePorts) {
  /** True if the end was told before the opening: then the hold ended with it, and there is nothing to tell. */
  async function wasOver({ incident, holdUntil }: Prediction): Promise<boolean> {
    const events = (await ledger.incident(incident))?.events ?? [];
    const last = events.findLast(({ type }) => type === "resolved" || type === "reopened");
    if (last?.type !== "resolved" || holdUntil === null) return false;
    await ledger.endHold(incident, {
      at: Math.min(last.occurredAt, holdUntil),
      why: `resolved by ${last.actor}`,
    });
    return true;
  }

  return async function lookTwice(mine: Prediction, circumstances: Circumstances): Promise<void> {
    if (await wasOver(mine)) return;
    const stored = await ledger.holdsSince(mine.decidedAt - HOUR);
    const others = stored.filter(({ incident }) => incident !== mine.incident);
    const held = heldLately(others, mine, mine.decidedAt);
    const objection = judgeAll({ ...circumstances, held }, sharedRails).find(({ allowsHold }) => !allowsHold);
    if (objection !== undefined) await hands.release([mine], objection.sentence);
    await hands.annotate(objection === undefined ? mine : insteadOfHold(mine, objection));
  };
}

/** How a hold reads that was released as soon as it was stored. */
const insteadOfHold = (hold: Prediction, objection: Verdict): Prediction => ({
  ...hold,
  decision: "page",
  decidedBy: objection.name,
  verdicts: [objection],
  holdUntil: null,
});
