import type { Outcome, Prediction } from "@mrdata/incident";

/** A past incident of a service: what was predicted of it, if anything, and how it ended, as far as that is known. */
export type PastDecision = {
  readonly openedAt: number;
  readonly prediction: Prediction | null;
  readonly outcome: Outcome | null;
};

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

/** Verdicts that only say that the service is not armed. */
const ofMode: ReadonlySet<string> = new Set(["mode", "kill-switch"]);

/** Whether the bot would have held the incident if its service had been armed. */
export const wouldHold = ({ verdicts, abstained }: Prediction): boolean =>
  abstained === null && verdicts.every(({ name, allowsHold }) => allowsHold || ofMode.has(name));

/**
 * Counts the past as it would have been with its services armed: the stored decisions but for the mode, beside the
 * outcomes. `window` is the hold window in milliseconds; `isNight` says of a moment whether people sleep.
 */
export function asArmed(
  past: readonly PastDecision[],
  { window, isNight }: { readonly window: number; readonly isNight: (at: number) => boolean },
): AsArmed {
  const held = past.filter(({ prediction }) => prediction !== null && wouldHold(prediction));
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
