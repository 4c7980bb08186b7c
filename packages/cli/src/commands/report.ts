import { readAlarmReport, readIncidentReport } from "@mrdata/functions";
import { alarmPage, earlierOf, incidentPage, reportPage } from "@mrdata/report";
import { type Declare, onTarget } from "../declare.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { type OpenReport, withReport } from "../report/open-report.ts";
import { type ReportTime, reportRequest, withReportTime } from "../report/report-options.ts";
import type { TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { writePage } from "../write-page.ts";

export type ReportCommandOptions = TargetOptions &
  ReportTime & {
    readonly html?: string | undefined;
    readonly incident?: string | undefined;
    readonly alarm?: string | undefined;
    readonly json: boolean;
  };

/** Writes a report as a self-contained page or as JSON: of everything, of one incident, or of one alarm. */
export async function report(
  options: ReportCommandOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { html, json, incident, alarm } = options;
  if (incident !== undefined && alarm !== undefined)
    throw new CommandError("only one of --incident and --alarm can be given", exitCodes.usage);
  if (html === undefined && !json)
    throw new CommandError("give --html FILE for a page, or --json", exitCodes.usage);
  const { data, page, remark } = await withReport(options, env, (open) => read(open, options));
  if (html !== undefined) {
    writePage(html, page);
    terminal.say(`Wrote ${html}.`);
    if (remark !== null) terminal.say(remark);
  }
  if (json) terminal.out(JSON.stringify(data));
}

type Read = { readonly data: object; readonly page: string; readonly remark: string | null };

async function read(open: OpenReport, { incident, alarm, ...options }: ReportCommandOptions): Promise<Read> {
  const { ledger, windowMs } = open;
  const request = { ...reportRequest(options), windowMs };
  if (incident !== undefined) {
    const data = await readIncidentReport(ledger, incident, request);
    if (data === null) throw new CommandError(`nothing is known of the incident ${incident}`);
    return { data, page: incidentPage(data), remark: null };
  }
  if (alarm !== undefined) {
    const data = await readAlarmReport(ledger, alarm, request);
    if (data === null)
      throw new CommandError(
        `nothing is known of the alarm ${alarm}: its key stands in 'mrdata report --json', as alarm`,
      );
    return { data, page: alarmPage(data), remark: null };
  }
  const data = await open.read(request);
  const last = earlierOf(data);
  return {
    data,
    page: reportPage(data),
    remark: last === null ? null : `${last.sentence} With ${last.option} the page tells of that time.`,
  };
}

export const declareReport: Declare = (program, { terminal, env }) => {
  withReportTime(onTarget(program.command("report")))
    .description(
      "the report as a page: tonight, what is held, last week, monitors to fix; it changes nothing",
    )
    .option("--html <file>", "writes the page to this file; it needs nothing else")
    .option("--incident <id>", "of one incident: what was predicted, why, what happened")
    .option("--alarm <key>", "of one alarm, as --json names it: its names, its past, what the bot believes")
    .addHelpText(
      "after",
      "\n'mrdata serve' shows the same page on an address of its own. Examples:\n  mrdata report --since 7d --html week.html\n  mrdata report --incident Q1A2B3C4D5E6F7 --html incident.html",
    )
    .action((options) => report(options, terminal, env));
};
