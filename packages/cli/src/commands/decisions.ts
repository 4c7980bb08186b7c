import { lastDecidedBefore } from "@mrdata/platform";
import { results } from "@mrdata/responder";
import { csvLine } from "../csv.ts";
import { type DecisionRow, type LedgerOfDecisions, readDecisions } from "../decisions/ledger-of-decisions.ts";
import { windowsOf } from "../decisions/window-of.ts";
import { asksPagerDuty, type Declare, onTarget } from "../declare.ts";
import { openWithDeployedConfig } from "../deployed-config.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { durationWith } from "../option-types.ts";
import { paceOf } from "../pace.ts";
import { predictorPhrase } from "../past/predictor-phrase.ts";
import { type Imported, readImported } from "../past/read-imported.ts";
import { zoneForReaders } from "../report/report-options.ts";
import { assertKnownService } from "../services/known-service.ts";
import { settingsOrNull } from "../settings-unreadable.ts";
import { tableLines } from "../table.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { printWrapped } from "../wrapped.ts";
import { clockIn, zoneOf } from "../zone.ts";

export type DecisionsOptions = TargetOptions & {
  readonly since: number;
  readonly service?: string | undefined;
  readonly json: boolean;
  readonly csv: boolean;
  /** Also list incidents without a decision, with the champion's prediction today. */
  readonly imported: boolean;
  readonly timeZone?: string | undefined;
};

/** Lists the decisions with their results: hit, miss, correct page, unneeded page, control. */
export async function decisions(
  options: DecisionsOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { service, json, csv } = options;
  if (json && csv) throw new CommandError("only one of --json and --csv can be given", exitCodes.usage);
  const { ledger, backend, windowMs } = await openWithDeployedConfig(chooseTarget(options, env), env);
  try {
    const now = Date.now();
    const since = now - options.since;
    const models = await backend.models();
    const pace = paceOf(Date.now);
    const read = await readDecisions(ledger, {
      since,
      service,
      now,
      windowOf: windowsOf(models, windowMs),
      progress: (done, of) =>
        terminal.progress(`reading the ledger: ${done} of ${of} decisions${pace(done, of)}`),
    });
    if (service !== undefined && read.rows.length === 0)
      await assertKnownService(service, { ledger, pagerduty: null }, windowMs);
    const settings = await settingsOrNull(ledger);
    const includesImported = options.imported || (read.rows.length === 0 && !json && !csv);
    const progress = (sentence: string) => terminal.progress(sentence);
    const imported = includesImported
      ? await readImported({ ledger, models }, { since, service, now, windowMs, settings, progress })
      : null;
    const output = { since: new Date(since).toISOString(), ...read };
    if (json) terminal.out(JSON.stringify(imported === null ? output : { ...output, imported }));
    else if (csv) for (const line of csvOf([...read.rows, ...(imported?.rows ?? [])])) terminal.out(line);
    else {
      const timeZone = zoneOf(options.timeZone, settings);
      const lastDecidedAt = read.rows.length === 0 ? await lastDecidedBefore(ledger, since) : null;
      printWrapped(terminal, linesOf(read, imported, lastDecidedAt, { timeZone, windowMs }, terminal));
    }
  } finally {
    await ledger.close();
  }
}

const time = (at: number | null): string => (at === null ? "" : new Date(at).toISOString());

/** The columns of the CSV output. */
const columns: readonly { readonly title: string; readonly of: (row: DecisionRow) => string | number }[] = [
  { title: "incident", of: ({ incident }) => incident },
  { title: "service", of: ({ service }) => service },
  { title: "title", of: ({ title }) => title ?? "" },
  { title: "opened_at", of: ({ openedAt }) => time(openedAt) },
  { title: "closed_at", of: ({ closedAt }) => time(closedAt) },
  { title: "mode", of: ({ mode }) => mode },
  { title: "decision", of: ({ decision }) => decision },
  { title: "decided_by", of: ({ decidedBy }) => decidedBy },
  { title: "probability", of: ({ probability }) => probability ?? "" },
  { title: "model", of: ({ model }) => model },
  { title: "outcome", of: ({ outcome }) => outcome ?? "" },
  { title: "result", of: ({ result }) => result },
  { title: "held_seconds", of: ({ heldSeconds }) => heldSeconds },
  { title: "action", of: ({ action }) => action },
  { title: "control_share", of: ({ control }) => control?.share ?? "" },
  {
    title: "feedback",
    of: ({ feedback }) => feedback.map(({ who, said }) => `${who ?? "?"}: ${said}`).join("; "),
  },
];

const csvOf = (rows: readonly DecisionRow[]): readonly string[] => [
  csvLine(columns.map(({ title }) => title)),
  ...rows.map((row) => csvLine(columns.map(({ of }) => of(row)))),
];

type TableOptions = { readonly timeZone: string; readonly windowMs: number };

const daysSince = (at: number): number => Math.ceil((Date.now() - at) / 86_400_000);

function linesOf(
  read: LedgerOfDecisions,
  imported: Imported | null,
  lastDecidedAt: number | null,
  options: TableOptions,
  terminal: Pick<Terminal, "bold" | "columns">,
): readonly string[] {
  const nothing =
    lastDecidedAt === null
      ? "Nothing was decided in that time."
      : `Nothing was decided in that time; the last decision is of ${clockIn(options.timeZone, "minute")(lastDecidedAt)} (${options.timeZone}): --since ${daysSince(lastDecidedAt)}d reaches it.`;
  const decided = read.rows.length === 0 ? [nothing] : decidedLines(read, options, terminal);
  return imported === null || imported.count === 0
    ? decided
    : [...decided, "", ...importedLines(imported, options, terminal)];
}

const tableOf = (
  rows: readonly DecisionRow[],
  { timeZone }: TableOptions,
  terminal: Pick<Terminal, "bold" | "columns">,
): readonly string[] => {
  const clock = clockIn(timeZone, "minute");
  const modes = new Set(rows.map(({ mode }) => mode));
  return tableLines(
    [
      { head: `opened (${timeZone})`, of: ({ openedAt }: DecisionRow) => clock(openedAt) },
      { head: "came to", of: ({ result }) => result },
      {
        head: "decision",
        of: ({ decision, decidedBy, mode }) =>
          `${decision} (${decidedBy}${modes.size === 1 || mode === "armed" ? "" : `, ${mode}`})`,
        shrinks: true,
      },
      {
        head: "sure",
        of: ({ probability }) => (probability === null ? "–" : `${Math.round(100 * probability)} %`),
        right: true,
      },
      { head: "incident", of: ({ incident }) => incident },
      {
        head: "service",
        of: ({ service, serviceName }) => serviceName ?? service,
        shrinks: true,
        below: true,
      },
      { head: "title", of: ({ title }) => title ?? "", shrinks: true, below: true },
    ],
    rows,
    terminal,
  );
};

function decidedLines(
  { rows, counts, monitorsToFix, unarmed }: LedgerOfDecisions,
  options: TableOptions,
  terminal: Pick<Terminal, "bold" | "columns">,
): readonly string[] {
  const names = new Map(rows.map(({ service, serviceName }) => [service, serviceName ?? service]));
  const [mode, ...others] = new Set(rows.map((row) => row.mode));
  return [
    ...tableOf(rows, options, terminal),
    "",
    `${results.map((result) => `${result} ${counts[result]}`).join(", ")}.${others.length > 0 || mode === "armed" ? "" : ` All in ${mode}: nobody's page waited.`}`,
    ...(unarmed.holds === 0
      ? []
      : [
          `${unarmed.holds} of these holds are of services that are not armed. Armed, where holds add up, ${unarmed.asArmed} would have been held.`,
        ]),
    ...(monitorsToFix.length === 0
      ? []
      : [
          "",
          "Monitors to fix:",
          ...monitorsToFix.map(
            ({ title, service, alertType, why }) =>
              `  ${title ?? alertType} (${names.get(service) ?? service}): ${why.join(" ")}`,
          ),
        ]),
  ];
}

/** The champion's predictions for incidents that predate the bot. */
function importedLines(
  { rows, counts, count, model, refused, learntFrom }: Imported,
  options: TableOptions,
  terminal: Pick<Terminal, "bold" | "columns">,
): readonly string[] {
  const imported = `${count} incidents of that time came before the bot, by an import say`;
  if (refused !== null)
    return [`${imported}, and there is nobody to ask what it would have said: ${refused}.`];
  return [
    `${imported}. ${rows.length < count ? `Of the latest ${rows.length}` : "Of these"} ${predictorPhrase(model)} says, had their services been armed:`,
    ...tableOf(rows, options, terminal),
    "",
    `${results.map((result) => `${result} ${counts[result]}`).join(", ")}.`,
    ...(learntFrom === 0
      ? []
      : [`It learnt from ${learntFrom} of them itself, and knows more of these than it will of what comes.`]),
  ];
}

export const declareDecisions: Declare = (program, { terminal, env }) => {
  asksPagerDuty(onTarget(program.command("decisions")))
    .description("what was decided and how it ended: hits, misses, pages, control, and monitors to fix")
    .addOption(durationWith("--since <duration>", "how far back", "7d"))
    .option("--service <id>", "of one service")
    .option("--csv", "a table, a line each", false)
    .option("--imported", "also what came before the bot, with what the champion would say of it", false)
    .addOption(zoneForReaders())
    .addHelpText(
      "after",
      `
hit: held, and it resolved itself. miss: held, and it needed a human. correct page, unneeded page: paged, and it did or
did not need a human. control: would have been held, and was paged to learn from it. Where the service was not armed,
the decision only says what the bot would have done with that incident by itself: armed, holds add up, and beyond a
window for an alert, two for a service or the caps an hour, the next one is paged.

Examples:
  mrdata decisions --since 30d --service PDATABASE
  mrdata decisions --since 12mo --imported
  mrdata decisions --since 24h --csv > decisions.csv`,
    )
    .action((options) => decisions(options, terminal, env));
};
