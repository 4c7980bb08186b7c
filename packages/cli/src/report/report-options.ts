import type { Command } from "commander";
import { durationWith, momentOption, readerZone } from "../option-types.ts";
import type { ReportAsked } from "./open-report.ts";

/** The time that a report, or what is made of one, tells of. */
export type ReportTime = {
  /** How far back, milliseconds. */
  readonly since: number;
  /** The reader's zone; left out: the one of the bot's hours, else UTC. */
  readonly timeZone?: string | undefined;
  /** The moment that it tells of, milliseconds since the epoch; left out: now. */
  readonly at?: number | undefined;
};

/** Zone of the times of what people read. */
export const zoneForReaders = () =>
  readerZone("zone of the times; without it the one of the bot's hours, else UTC");

/** The options that say which time is told of. */
export const withReportTime = (command: Command): Command =>
  command
    .addOption(durationWith("--since <duration>", "how far back", "7d"))
    .addOption(zoneForReaders())
    .option(
      "--at <time>",
      "the moment that it tells of, like 2026-03-02T04:30:00Z; without it now",
      momentOption,
    );

export const askedFor = ({ since, timeZone = "", at = Date.now() }: ReportTime): ReportAsked => ({
  now: at,
  spanMs: since,
  timeZone: timeZone === "" ? null : timeZone,
});
