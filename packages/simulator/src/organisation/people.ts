import type { Episode } from "./episode.ts";
import { createRandom } from "./random.ts";
import { isNight } from "./seasons.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What a person who was paged will do about it, if it is still there by then. Times are milliseconds from the page. */
export type Reaction = {
  /** When the person acknowledges; null if they sleep through it. */
  readonly acknowledgesAfterMs: number | null;
  /** From the acknowledgement until it is fixed; null where there is nothing to do but wait. */
  readonly fixesAfterMs: number | null;
  /** From then until the person resolves it by hand; null if the monitor sees it first. */
  readonly resolvesAfterMs: number | null;
  /** Merges this incident into the one of its cause. */
  readonly merges: boolean;
  /** A note to colleagues. */
  readonly note: string | null;
};

/**
 * How a person takes a page: slower at night, asleep now and then. Drawn from the seed, the episode and how often it
 * was paged, so that the same person does the same in every variant of a night.
 */
export function reactionTo(seed: number, episode: Episode, page: number, at: number): Reaction {
  const random = createRandom(seed, `${episode.id} page ${page}`);
  const asleep = random.chance(isNight(at) ? 0.12 : 0.03);
  const acknowledgesAfter = Math.round(random.logNormal(isNight(at) ? 3.2 : 1.4, 0.5) * MINUTE);
  const merges = episode.symptomOf !== null && random.chance(0.5);
  const note = random.chance(0.15)
    ? random.pick(["looking", "on it", "same as last week?", "schaue ich an"])
    : null;
  const forgetful = Math.round(random.between(3, 9) * HOUR);
  return {
    acknowledgesAfterMs: asleep ? null : acknowledgesAfter,
    fixesAfterMs: episode.needsHuman && episode.symptomOf === null ? episode.fix : null,
    resolvesAfterMs: episode.ending === "monitor" ? null : episode.ending === "by-hand" ? MINUTE : forgetful,
    merges,
    note,
  };
}
