import type { Outcome, Prediction } from "@mrdata/incident";
import { sharedRails } from "./guard-rails.ts";
import { type HoldOf, heldLately } from "./held-lately.ts";
import type { Rules } from "./rules.ts";

/** A past incident of a service, with its prediction, if one was made, and its outcome, if it is known. */
export type PastDecision = {
  readonly openedAt: number;
  /** When it closed, milliseconds since the epoch: a hold would have ended then. Null while it is open. */
  readonly closedAt: number | null;
  readonly prediction: Prediction | null;
  readonly outcome: Outcome | null;
};

/** The settings that the past is replayed under: the hold window, milliseconds, and the caps on holds within an hour. */
export type ArmedUnder = { readonly windowMs: number; readonly caps: Rules["caps"] };

/** What a period of the past would have looked like with the bot first on the policy. */
export type AsArmed = {
  readonly incidents: number;
  /** Incidents without a stored prediction: they count as paged. */
  readonly unpredicted: number;
  readonly held: number;
  /** Held, and resolved itself inside the window: nobody would have been paged. */
  readonly spared: number;
  /** The part of `spared` that opened at night. */
  readonly sparedByNight: number;
  /** Held although they needed a human: paged late, by the window. */
  readonly misses: number;
  /** Held with any other outcome: closed by an unknown actor, or still open. Paged late too, unless closed before the window ended. */
  readonly heldOtherwise: number;
  readonly pagedAtOnce: number;
  /** Incidents that needed a human, held or not: the denominator of the miss rate. */
  readonly neededHuman: number;
  /** Upper bound of the total delay of pages, minutes. */
  readonly minutesOfDelay: number;
};

/** Holds are added up over one hour. */
const LOOKBACK_MS = 3_600_000;

/** Guard rails that object only because the service is not armed. */
const modeRailNames: ReadonlySet<string> = new Set(["mode", "kill-switch"]);

/** Whether the bot would have held the incident if its service had been armed, judged by this incident alone (no caps). */
export const wouldHold = ({ verdicts, abstained }: Prediction): boolean =>
  abstained === null && verdicts.every(({ name, allowsHold }) => allowsHold || modeRailNames.has(name));

/**
 * The incidents of `past` that would have been held if their services had been armed. An unarmed service holds nothing, so its stored
 * decisions never met the guard rails that add up recent holds: those rails are replayed here, in order of opening.
 */
export function heldAsArmed<Past extends Pick<PastDecision, "openedAt" | "closedAt" | "prediction">>(
  past: readonly Past[],
  { windowMs, caps }: ArmedUnder,
): readonly Past[] {
  let recentHolds: readonly HoldOf[] = [];
  return past
    .toSorted((a, b) => a.openedAt - b.openedAt)
    .filter(({ openedAt, closedAt, prediction }) => {
      if (prediction === null || !wouldHold(prediction)) return false;
      recentHolds = recentHolds.filter((hold) => hold.openedAt > openedAt - LOOKBACK_MS - windowMs);
      const held = heldLately(recentHolds, prediction, openedAt);
      if (sharedRails.some(({ judge }) => !judge({ held, windowMs, settings: { caps } }).allowsHold))
        return false;
      const { incident, service, alertType, names } = prediction;
      const holdUntil = openedAt + windowMs;
      const hold = {
        incident,
        service,
        alertType,
        ...(names === undefined ? {} : { names }),
        openedAt,
        decidedAt: openedAt,
        holdUntil,
      };
      recentHolds = [
        ...recentHolds,
        closedAt === null ? hold : { ...hold, ended: { at: closedAt, why: "it closed" } },
      ];
      return true;
    });
}

/**
 * Replays the past as if its services had been armed: the stored decisions regardless of mode, limited by the guard rails that add up
 * recent holds, and compared with the outcomes. `isNight`: whether a moment (milliseconds since the epoch) is at night.
 */
export function asArmed(
  past: readonly PastDecision[],
  { isNight, ...under }: ArmedUnder & { readonly isNight: (at: number) => boolean },
): AsArmed {
  const { windowMs } = under;
  const held = heldAsArmed(past, under);
  const spared = held.filter(({ outcome }) => outcome === "self-resolved");
  const misses = held.filter(({ outcome }) => outcome === "needed-human").length;
  const late = held.length - spared.length;
  return {
    incidents: past.length,
    unpredicted: past.filter(({ prediction }) => prediction === null).length,
    held: held.length,
    spared: spared.length,
    sparedByNight: spared.filter(({ openedAt }) => isNight(openedAt)).length,
    misses,
    heldOtherwise: late - misses,
    pagedAtOnce: past.length - held.length,
    neededHuman: past.filter(({ outcome }) => outcome === "needed-human").length,
    minutesOfDelay: Math.round((late * windowMs) / 6_000) / 10,
  };
}
