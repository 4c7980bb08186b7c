import { type CountName, countOf, type TrackRecord } from "@mrdata/incident";
import { byRules, type GuardRail, passes, type SharedRail, stops } from "../circumstances.ts";

const minutes = (milliseconds: number): string => `${Math.round(milliseconds / 6_000) / 10} min`;

/** How many of a subject's incidents, as far back as its records go. */
const everOf = (records: readonly TrackRecord[], names: readonly CountName[]): number => {
  let sum = 0;
  for (const { days } of records)
    for (const counts of Object.values(days)) for (const name of names) sum += countOf(counts, name);
  return sum;
};

/** Holds add up: so flapping cannot hide an outage. */
export const heldBeforeRail: SharedRail = {
  name: "held-before",
  judge: ({ held, window }) => {
    if (held === null) return stops("The holds of the last hour could not be read.");
    if (held.alertType > window)
      return stops(
        `This alert has been held for ${minutes(held.alertType)} within the hour, and ${minutes(window)} in all are the most.`,
      );
    if (held.service > 2 * window)
      return stops(
        `This service has been held for ${minutes(held.service)} within the hour, and ${minutes(2 * window)} in all are the most.`,
      );
    return passes(
      `Within the hour this alert has been held for ${minutes(held.alertType)} and its service for ${minutes(held.service)}.`,
    );
  },
};

export const novelty: GuardRail = {
  name: "novelty",
  judge: byRules(({ novelty: least }, { observation }) => {
    const seen = everOf(observation.alertTypeRecords, ["opened"]);
    return seen >= least
      ? passes(`This alert has been seen ${seen} times.`)
      : stops(`This alert has been seen ${seen} ${seen === 1 ? "time" : "times"}, and ${least} are needed.`);
  }),
};

export const history: GuardRail = {
  name: "history",
  judge: byRules(({ history: least }, { observation }) => {
    const known = everOf(observation.serviceRecords, [
      "self-resolved",
      "needed-human",
      "unknown",
      "timed-out",
    ]);
    return known >= least
      ? passes(`The outcomes of ${known} incidents of this service are known.`)
      : stops(`The outcomes of ${known} incidents of this service are known, and ${least} are needed.`);
  }),
};

export const pastRails: readonly GuardRail[] = [novelty, history];
