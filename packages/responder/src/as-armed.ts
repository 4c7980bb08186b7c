import type { Outcome, Prediction } from "@mrdata/incident";
import { sharedRails } from "./guard-rails.ts";
import { type HoldOf, heldLately } from "./held-lately.ts";
import type { Rules } from "./rules.ts";

/** A past incident of a service: what was predicted of it, if anything, and how it ended, as far as that is known. */
export type PastDecision = {
  readonly openedAt: number;
  /** When it closed, milliseconds since the epoch: a hold would have ended with it. Null while it is open. */
  readonly closedAt: number | null;
  readonly prediction: Prediction | null;
  readonly outcome: Outcome | null;
};

/** What a past is looked at with: the hold window, milliseconds, and the most holds within an hour. */
export type ArmedUnder = { readonly window: number; readonly caps: Rules["caps"] };

/** What a stretch of the past would have been with the bot first. */
export type AsArmed = {
  readonly incidents: number;
  /** Those that no prediction was written for: they count as paged. */
  readonly unpredicted: number;
  readonly held: number;
  /** Held, and resolved itself inside the window: nobody would have been paged. */
  readonly spared: number;
  /** Of these, opened by night. */
  readonly sparedByNight: number;
  /** Held although it needed a human: paged late, by the window. */
  readonly misses: number;
  /** Held, and neither: closed by somebody unknown, or still open. Paged late too, if nothing closed it before. */
  readonly heldOtherwise: number;
  readonly pagedAtOnce: number;
  /** How many needed a human at all: what the misses are a share of. */
  readonly neededHuman: number;
  /** The most that pages would have come later, all together, minutes. */
  readonly minutesOfDelay: number;
};

/** Holds add up over an hour, milliseconds. */
const ADDED_UP = 3_600_000;

/** Verdicts that only say that the service is not armed. */
const ofMode: ReadonlySet<string> = new Set(["mode", "kill-switch"]);

/** Whether the bot would have held the incident if its service had been armed, as far as it goes by that incident alone. */
export const wouldHold = ({ verdicts, abstained }: Prediction): boolean =>
  abstained === null && verdicts.every(({ name, allowsHold }) => allowsHold || ofMode.has(name));

/**
 * Of a past those that would have been held if its services had been armed. Out of armed nothing is held, so no stored
 * decision knows that holds add up: they are added up here, one after the other, by the guard rails that do so.
 */
export function heldAsArmed<Past extends Pick<PastDecision, "openedAt" | "closedAt" | "prediction">>(
  past: readonly Past[],
  { window, caps }: ArmedUnder,
): readonly Past[] {
  let lately: readonly HoldOf[] = [];
  return past
    .toSorted((a, b) => a.openedAt - b.openedAt)
    .filter(({ openedAt, closedAt, prediction }) => {
      if (prediction === null || !wouldHold(prediction)) return false;
      lately = lately.filter((hold) => hold.openedAt > openedAt - ADDED_UP - window);
      const held = heldLately(lately, prediction, openedAt);
      if (sharedRails.some(({ judge }) => !judge({ held, window, settings: { caps } }).allowsHold))
        return false;
      const { incident, service, alertType, names } = prediction;
      const holdUntil = openedAt + window;
      const hold = {
        incident,
        service,
        alertType,
        ...(names === undefined ? {} : { names }),
        openedAt,
        decidedAt: openedAt,
        holdUntil,
      };
      lately = [...lately, closedAt === null ? hold : { ...hold, ended: { at: closedAt, why: "it closed" } }];
      return true;
    });
}

/**
 * Counts the past as it would have been with its services armed: the stored decisions but for the mode, with the holds
 * that they come to added up, beside the outcomes. `isNight` says of a moment whether people sleep.
 */
export function asArmed(
  past: readonly PastDecision[],
  { isNight, ...under }: ArmedUnder & { readonly isNight: (at: number) => boolean },
): AsArmed {
  const { window } = under;
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
    minutesOfDelay: Math.round((late * window) / 6_000) / 10,
  };
}
