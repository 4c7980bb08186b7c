import { cellsOf, countOf, overdueOf, type TrackRecord } from "@mrdata/incident";
import { z } from "zod";
import { allow, byRules, deny, type GuardRail, type SharedRail } from "../circumstances.ts";
import { railWithSetting } from "../rail-setting.ts";
import { everOf } from "./ever-of.ts";
import { novelty, ownPast } from "./name-rails.ts";

const MINUTE = 60_000;
/** One week. */
const MAX_MINUTES = 10_080;

const minutes = (milliseconds: number): string => `${Math.round(milliseconds / 6_000) / 10} min`;

/** Holds add up, so that flapping cannot hide an outage. */
export const heldBeforeRail: SharedRail = {
  name: "held-before",
  judge: ({ held, windowMs }) => {
    if (held === null) return deny("The holds of the last hour could not be read.");
    if (held.ranOut > 0)
      return deny("This alert was held to the end of its window within the hour, and did not clear in time.");
    if (held.alertType > windowMs)
      return deny(
        `This alert has been held for ${minutes(held.alertType)} within the hour, and ${minutes(windowMs)} in all are the most.`,
      );
    if (held.service > 2 * windowMs)
      return deny(
        `This service has been held for ${minutes(held.service)} within the hour, and ${minutes(2 * windowMs)} in all are the most.`,
      );
    return allow(
      `Within the hour this alert has been held for ${minutes(held.alertType)} and its service for ${minutes(held.service)}.`,
    );
  },
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
      ? allow(`The outcomes of ${known} incidents of this service are known.`)
      : deny(`The outcomes of ${known} incidents of this service are known, and ${least} are needed.`);
  }),
};

/**
 * The number of incidents that opened at `since` or later and needed a human by `now`, milliseconds since the epoch. It includes those
 * open past their window, which no event reports. Counts kept per hour are included if any part of the hour is.
 */
const neededHumanSince = (records: readonly TrackRecord[], since: number, now: number): number =>
  records
    .flatMap((record) => cellsOf(record).map((cell) => ({ cell, window: record.window })))
    .filter(({ cell: { start, width } }) => start + width > since)
    .reduce(
      (sum, { cell, window }) => sum + countOf(cell.counts, "needed-human") + overdueOf(cell, window, now),
      0,
    );

/** Incidents that need a human seldom come alone: the next one is likely to belong to the same outage. */
const neededHumanLately = railWithSetting({
  name: "needed-human-lately",
  setting: {
    schema: z
      .number({ error: `is not a whole number of minutes from 0 to ${MAX_MINUTES}` })
      .refine((minutes) => Number.isInteger(minutes) && minutes >= 0 && minutes <= MAX_MINUTES, {
        error: `is not a whole number of minutes from 0 to ${MAX_MINUTES}`,
      }),
    default: 0,
    help: "minutes in which an incident of the service that needed a human keeps the next from being held, 0 for none",
  },
  judge: (minutes, { observation: { serviceRecords, openedAt }, now }) => {
    if (minutes === 0) return allow("It is not asked whether its service needed a human lately.");
    const count = neededHumanSince(serviceRecords, openedAt - minutes * MINUTE, now);
    return count === 0
      ? allow(`No incident of this service needed a human in the last ${minutes} minutes.`)
      : deny(
          `${count} ${count === 1 ? "incident" : "incidents"} of this service needed a human in the last ${minutes} minutes.`,
        );
  },
});

export const pastRails: readonly GuardRail[] = [novelty, ownPast, history, neededHumanLately];
