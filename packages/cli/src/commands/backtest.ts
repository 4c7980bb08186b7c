import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { messageOf } from "@mrdata/base";
import {
  ageWeightedSentence,
  type Backtest,
  type BacktestFigures,
  backtest,
  backtestFigures,
  type Certificate,
  type CertificateRule,
  certificateOfBacktest,
  certificateSentence,
  type GroupFigures,
  holdChoices,
  lastKnownAt,
  MIN_INCIDENTS,
  suspicionsOf,
  triedWindows,
  usualCertificateRule,
  usualRule,
  type WindowRow,
  windowRow,
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
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { threads } from "../threads.ts";
import { windowLines } from "../window-lines.ts";
import { tellWrapped } from "../wrapped.ts";

export type BacktestCommandOptions = TargetOptions &
  HistoryOptions & {
    readonly window: number;
    readonly refits: number;
    readonly rows?: string;
    readonly html?: string;
    readonly timeZone: string;
    /** Null: no limit; certificates are then made for the usual budget. */
    readonly missBudget: number | null;
    /** The bot's own if left out, where its ledger is the history; the usual ones for files. */
    readonly delta?: number;
    readonly certificateDays?: number;
    readonly windows: boolean;
    readonly seed: number;
    readonly json: boolean;
  };

/** What the bot would have done with a history, learning from each part of it only what was known before. */
export async function backtestCommand(
  files: readonly string[],
  options: BacktestCommandOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { window, refits, rows, html, timeZone, missBudget, seed, json } = options;
  const noted = await deployedConfigOf(files.length > 0 ? null : chooseTarget(options, env), env);
  const { delta = noted.certificate.delta, certificateDays: days = noted.certificate.days } = options;
  const certificateRule = { budget: missBudget ?? usualCertificateRule.budget, delta, days };
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
  const result = await backtest(incidents, { ...how, window, keeps: keeperOf(options.keepColumn) });
  const figures = backtestFigures(result.scored, {
    seed,
    timeZone,
    delays: [...new Set([5, 10, window / 60_000])].sort((a, b) => a - b),
  });
  // What a version would promise that is trained when the last of this history has come to its end.
  const now = lastKnownAt(result);
  const { certificate, ageWeighted, remark } = certificateOfBacktest(result, {
    rule,
    certificate: certificateRule,
    now,
  });
  // What holds nothing ends in a choice, and not in a table of noughts.
  const tried =
    options.windows || certificate === null
      ? await triedWindows(result, { ...how, now }, windowsWith(window))
      : null;
  const windows =
    options.windows && tried !== null ? tried.map((one) => windowRow(one, { ...how, now })) : null;
  const choices =
    tried !== null && certificate === null
      ? holdChoices(tried, { ...how, rule: usualRule, now, window })
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
  for (const line of linesOf(figures, incidents.length, bad, duplicates)) terminal.out(line);
  tellWrapped(terminal, [
    ...certificateLines({ certificate, remark, windows }, certificateRule, terminal),
    ...(ageWeighted === undefined ? [] : [ageWeightedSentence(ageWeighted)]),
    ...remarks,
    ...(choices === null ? [] : choicesLines(choices, terminal)),
  ]);
}

function certificateLines(
  {
    certificate,
    remark,
    windows,
  }: {
    readonly certificate: Certificate | null;
    readonly remark: string | null;
    readonly windows: readonly WindowRow[] | null;
  },
  { days }: CertificateRule,
  terminal: Pick<Terminal, "columns">,
): readonly string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    "",
    certificate === null
      ? `No certificate: ${remark ?? "nothing can be promised."}`
      : `${certificateSentence(certificate)} It holds from ${percent(certificate.threshold)} on.`,
    `Counted are incidents that opened in the last ${days} days of this history.`,
    ...(windows === null ? [] : ["", ...windowLines(windows, terminal)]),
  ];
}

/** The threshold of the last block: the one that a version would come nearest to. */
const lastThreshold = ({ refits }: Backtest): number | null => refits.at(-1)?.threshold ?? null;

/** A line for every scored incident, in the order in which they opened. */
function writeRows(file: string, { scored }: Backtest): void {
  const lines = scored.map(({ incident, probability, hold, label }) =>
    JSON.stringify({
      id: incident.numericId ? Number(incident.id) : incident.id,
      created_at: new Date(incident.createdAt).toISOString().replace(".000Z", "Z"),
      probability,
      hold,
      label,
    }),
  );
  writeText(file, `${lines.join("\n")}\n`);
}

function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandError(`${file} cannot be written: ${messageOf(error)}`);
  }
}

function linesOf(
  figures: BacktestFigures,
  incidents: number,
  bad: number,
  duplicates: number,
): readonly string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const number = (value: number) => value.toFixed(3);
  const estimate = ({ value, low, high }: BacktestFigures["auc"]) =>
    `${number(value)}  (95 %: ${number(low)} to ${number(high)})`;
  const { baselines, precision, withinServiceAuc } = figures;
  const told = [
    `${incidents} incidents`,
    ...(bad > 0 ? [`${bad} rows left out`] : []),
    ...(duplicates > 0 ? [`${duplicates} told again`] : []),
    `${figures.scored} scored, of which ${percent(figures.baseRate)} resolved themselves`,
  ];
  return [
    told.join(", "),
    "",
    `AUC                  ${estimate(figures.auc)}`,
    `within services      ${withinServiceAuc === null ? "too few incidents" : number(withinServiceAuc)}`,
    `average precision    ${estimate(figures.averagePrecision)}`,
    `Brier score          ${estimate(figures.brier)}`,
    `calibration (ECE)    ${estimate(figures.ece)}`,
    "",
    "way                    pages spared  real ones delayed  held and right",
    wayLine("Mr Data", figures.pagesSpared, figures.realDelayed, precision),
    wayLine(
      "alert type's own rate",
      baselines.ownRate.pagesSpared,
      baselines.ownRate.realDelayed,
      baselines.ownRate.precision,
    ),
    wayLine("page always", 0, 0, null),
    ...baselines.fixedDelay.map(({ minutes, pagesSpared, delayed }) =>
      wayLine(`fixed delay, ${minutes} min`, pagesSpared, delayed, null),
    ),
    "",
    `Of all scored, ${percent(figures.pagesSparedInterval.low)} to ${percent(figures.pagesSparedInterval.high)} spared and ${percent(figures.realDelayedInterval.low)} to ${percent(figures.realDelayedInterval.high)} delayed (95 %).`,
    "",
    "                       scored  resolved itself  pages spared  real ones delayed  held and right",
    ...[...figures.byTime, ...figures.byService.slice(0, MAX_SERVICES)].map(groupLine),
    ...(figures.byService.length > MAX_SERVICES
      ? [`… and ${figures.byService.length - MAX_SERVICES} more services (--json, --html)`]
      : []),
    "",
    `The alert type's own rate: AUC ${number(baselines.ownRate.auc)}, Brier ${number(baselines.ownRate.brier)}; a constant: Brier ${number(baselines.constant.brier)}.`,
  ];
}

/** The first and the last of some moments, milliseconds since the epoch; there is one at least. */
const spanOf = (moments: readonly number[]): { readonly from: number; readonly to: number } => ({
  from: moments.reduce((a, b) => Math.min(a, b)),
  to: moments.reduce((a, b) => Math.max(a, b)),
});

const MAX_SERVICES = 10;

function groupLine({ name, scored, baseRate, pagesSpared, realDelayed, precision }: GroupFigures): string {
  const cell = (share: number | null, width: number) =>
    (share === null ? "–" : `${(100 * share).toFixed(1)} %`).padStart(width);
  const title = name.length > 21 ? `${name.slice(0, 20)}…` : name;
  return `${title.padEnd(21)}${String(scored).padStart(8)}${cell(baseRate, 17)}${cell(pagesSpared, 14)}${cell(realDelayed, 19)}${cell(precision, 16)}`;
}

const wayLine = (way: string, spared: number, delayed: number, precision: number | null): string => {
  const cell = (share: number | null, width: number) =>
    (share === null ? "–" : `${(100 * share).toFixed(1)} %`).padStart(width);
  return `${way.padEnd(21)}${cell(spared, 14)}${cell(delayed, 19)}${cell(precision, 16)}`;
};

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
      "hold by a certificate: the most of the incidents that need a human which may be held (default: no limit)",
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
    .option("--windows", "set hold windows of 1, 2, 3, 5, 10 and 15 minutes beside each other", false)
    .option("--seed <n>", "another draw of the trees", seedOption, 1)
    .addHelpText(
      "after",
      "\nWithout files the target's ledger is the history. What they may be: mrdata import --help.\n\nExample: mrdata backtest incidents.ndjson.gz --window 30m --rows scored.ndjson --html backtest.html",
    )
    .action((files, options) => backtestCommand(files, options, terminal, env));
};
