import type { Command } from "commander";
import { durationWith, momentOption, readerZone } from "../option-types.ts";
import type { ReportRequest } from "./open-report.ts";

/** The period of a report or digest. */
export type ReportTime = {
  /** How far back, milliseconds. */
  readonly since: number;
  /** The time zone to show; defaults to that of the bot's hours, else UTC. */
  readonly timeZone?: string | undefined;
  /** The end of the period, milliseconds since the epoch; defaults to now. */
  readonly at?: number | undefined;
};

/** `--time-zone` for commands that show times. */
export const zoneForReaders = () =>
  readerZone("zone of the times; without it the one of the bot's hours, else UTC");

/** Adds the options for the period of a report. */
export const withReportTime = (command: Command): Command =>
  command
    .addOption(durationWith("--since <duration>", "how far back", "7d"))
    .addOption(zoneForReaders())
    .option(
      "--at <time>",
      "the moment that it shows, like 2026-03-02T04:30:00Z; without it now",
      momentOption,
    );

export const reportRequest = ({ since, timeZone = "", at = Date.now() }: ReportTime): ReportRequest => ({
  now: at,
  spanMs: since,
  timeZone: timeZone === "" ? null : timeZone,
});
