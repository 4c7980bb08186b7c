import { basename } from "node:path";
import {
  ageWeightedSentence,
  type Backtest,
  backtest,
  backtestFigures,
  certificateOfBacktest,
  holdChoices,
  lastKnownAt,
  MIN_INCIDENTS,
  suspicionsOf,
  triedWindows,
  usualRule,
  windowRows,
} from "@mrdata/learning";
import { backtestPage } from "@mrdata/report";
import { windowsWith } from "../choices.ts";
import { choicesLines } from "../choices-lines.ts";
import { type Declare, onTarget } from "../declare.ts";
import { deployedConfigOf } from "../deployed-config.ts";
import { CommandError } from "../exit-codes.ts";
import { allLeftOut, keeperOf, sayColumns } from "../history/columns-said.ts";
import { type HistoryOptions, loadHistory } from "../history/load-history.ts";
import { readingOptions } from "../history/reading-options.ts";
import { refuseUncertifiable } from "../models/refuse-uncertifiable.ts";
import {
  certificateDaysOption,
  durationWith,
  refitsOption,
  seedOption,
  shareOption,
} from "../option-types.ts";
import { remarksOn } from "../past/backtest-remarks.ts";
import { certificateLines } from "../past/certificate-lines.ts";
import { figureLines } from "../past/figure-lines.ts";
import { writeRows, writeText } from "../past/write-rows.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { threads } from "../threads.ts";
import { printWrapped } from "../wrapped.ts";

export type BacktestCommandOptions = TargetOptions &
  HistoryOptions & {
    readonly window: number;
    readonly refits: number;
    readonly rows?: string;
    readonly html?: string;
    readonly timeZone: string;
    /** Null: no limit; certificates then use the bot's own budget if its ledger is the history, or the default one for files. */
    readonly missBudget: number | null;
    /** Defaults to the bot's own values if its ledger is the history, else to the general defaults. */
    readonly delta?: number;
    readonly certificateDays?: number;
    /** Other hold windows too; if omitted, only where nothing is certified. */
    readonly windows?: boolean;
    readonly seed: number;
    readonly json: boolean;
  };

/** Shows what the bot would have done with a history, training for each block only on what was known before it. */
async function backtestCommand(
  files: readonly string[],
  options: BacktestCommandOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { window, refits, rows, html, timeZone, missBudget, seed, json } = options;
  const deployed = await deployedConfigOf(files.length > 0 ? null : chooseTarget(options, env), env);
  const { delta = deployed.certificate.delta, certificateDays: days = deployed.certificate.days } = options;
  const certificateRule = { budget: missBudget ?? deployed.missBudget, delta, days };
  refuseUncertifiable(certificateRule);
  const rule = { ...usualRule, missBudget: missBudget ?? 1 };
  const { incidents, from, bad, duplicates, ...read } = await loadHistory(files, options, terminal, env);
  if (incidents.length < MIN_INCIDENTS)
    throw new CommandError(
      `${from} has ${incidents.length} incidents that can be read, and a backtest needs ${MIN_INCIDENTS} at least`,
    );
  const how = {
    refits,
    seed,
    workers: threads(refits),
    rule,
    certificate: certificateRule,
    progress: (sentence: string) => terminal.progress(sentence),
  };
  const result = await backtest(incidents, { ...how, windowMs: window, keeps: keeperOf(options.keepColumn) });
  const figures = backtestFigures(result.scored, {
    seed,
    timeZone,
    delays: [...new Set([5, 10, window / 60_000])].sort((a, b) => a - b),
  });
  // What a version trained right after the end of this history would promise.
  const now = lastKnownAt(result);
  const { certificate, ageWeighted, remark } = certificateOfBacktest(result, {
    rule,
    certificate: certificateRule,
    now,
  });
  // If nothing would be held, show the options instead of a table of zeros.
  const { windows: wanted = certificate === null } = options;
  const shown = wanted ? windowsWith(window) : [window];
  const tried = wanted || certificate === null ? await triedWindows(result, { ...how, now }, shown) : null;
  const windows = options.windows === true && tried !== null ? windowRows(tried, { ...how, now }) : null;
  const choices =
    tried !== null && certificate === null
      ? holdChoices(tried, { ...how, rule: usualRule, now, windowMs: window })
      : null;
  if (rows !== undefined) writeRows(rows, result);
  const { columnsKept } = result;
  const columnsLeftOut = allLeftOut(read.columnsLeftOut, result.columnsLeftOut);
  sayColumns({ leftOut: columnsLeftOut, kept: columnsKept }, terminal);
  const remarks = [...remarksOn(figures), ...suspicionsOf(figures, lastThreshold(result))];
  if (html !== undefined) {
    const report = {
      file: basename(from),
      window: window / 1000,
      incidents: incidents.length,
      ...spanOf(result.scored.map(({ incident }) => incident.createdAt)),
      timeZone,
      figures,
      refits: result.refits,
      remarks,
      choices,
    };
    writeText(html, backtestPage(report));
    terminal.say(`written: ${html}`);
  }
  if (json) {
    const { refits: blocks } = result;
    terminal.out(
      JSON.stringify({
        file: from,
        window: window / 1000,
        incidents: incidents.length,
        merged: result.merged,
        bad,
        duplicates,
        ...figures,
        remarks,
        columnsLeftOut,
        columnsKept,
        refits: blocks,
        certificate,
        ageWeighted: ageWeighted ?? null,
        ...(windows === null ? {} : { windows }),
        ...(choices === null ? {} : { choices }),
      }),
    );
    return;
  }
  for (const line of figureLines(figures, { incidents: incidents.length, bad, duplicates }, terminal))
    terminal.out(line);
  printWrapped(terminal, [
    ...certificateLines({ certificate, remark, windows }, certificateRule, terminal),
    ...(ageWeighted === undefined ? [] : [ageWeightedSentence(ageWeighted)]),
    ...remarks,
    ...(choices === null ? [] : choicesLines(choices, terminal)),
  ]);
}

/** The threshold of the last block, which is closest to that of a version trained now. */
const lastThreshold = ({ refits }: Backtest): number | null => refits.at(-1)?.threshold ?? null;

/** The earliest and the latest of the given timestamps (at least one), in milliseconds since the epoch. */
const spanOf = (moments: readonly number[]): { readonly from: number; readonly to: number } => ({
  from: moments.reduce((a, b) => Math.min(a, b)),
  to: moments.reduce((a, b) => Math.max(a, b)),
});

export const declareBacktest: Declare = (program, { terminal, env }) => {
  readingOptions(
    onTarget(program.command("backtest [file...]")),
    "in which night and day are told, and of times without an offset",
  )
    .description(
      "what the bot would have done with your own past: rolling origin, nothing known before its time",
    )
    .addOption(durationWith("--window <duration>", "the hold window: 90s, 30m, 1h", "5m"))
    .option("--refits <n>", "blocks of the scored part, each with a model of its own", refitsOption, 12)
    .option("--rows <file>", "write every scored incident: id, created_at, probability, hold, label")
    .option("--html <file>", "write a page with charts that needs nothing else")
    .option(
      "--miss-budget <share>",
      "hold by a certificate: the most of the incidents that need a human which may be held (default: no limit; certificates for the bot's own missBudget, .1 for files)",
      shareOption,
      null,
    )
    .option(
      "--delta <share>",
      "the chance that a certificate is wrong (default: the bot's own certificate.delta, .1 for files)",
      shareOption,
    )
    .option(
      "--certificate-days <n>",
      "how far back the rows of a certificate reach, days (default: the bot's own certificate.days, 180 for files)",
      certificateDaysOption,
    )
    .option("--windows", "set hold windows of 1, 2, 3, 5, 10 and 15 minutes beside each other")
    .option("--no-windows", "leave them out also where nothing can be certified, which saves their refits")
    .option("--seed <n>", "another draw of the trees", seedOption, 1)
    .addHelpText(
      "after",
      "\nWithout files the target's ledger is the history. What they may be: mrdata import --help.\n\nExample: mrdata backtest incidents.ndjson.gz --window 30m --rows scored.ndjson --html backtest.html",
    )
    .action((files, options) => backtestCommand(files, options, terminal, env));
};
