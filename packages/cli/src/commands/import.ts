import { messageOf } from "@mrdata/base";
import type { PastIncident } from "@mrdata/incident";
import { type DetailColumns, detailColumns, historyColumns } from "@mrdata/learning";
import { type Ledger, systemClock } from "@mrdata/platform";
import type { Target } from "@mrdata/runtime";
import { asksPagerDuty, type Declare, onTarget } from "../declare.ts";
import { deployedConfigOf } from "../deployed-config.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { sayColumns } from "../history/columns-said.ts";
import { eventFormats, historyFormats } from "../history/formats/index.ts";
import {
  historyClient,
  historyOfAccount,
  serviceIdsOfAccount,
  stateFile,
} from "../history/from-pagerduty.ts";
import { type Imported, importPast, nothingImported } from "../history/import-past.ts";
import { importStateIn } from "../history/import-state.ts";
import { type HistoryOptions, readFiles } from "../history/load-history.ts";
import { AUTO_RESOLVE_AFTER, type History } from "../history/read-history.ts";
import { readingOptions } from "../history/reading-options.ts";
import {
  readServiceNames,
  type ServiceIds,
  serviceIdsInLedger,
  withoutServiceId,
  withServiceIds,
} from "../history/service-names.ts";
import { type Understood, understoodLines, understoodOf } from "../history/understood.ts";
import { durationWith } from "../option-types.ts";
import { paceOf } from "../pace.ts";
import {
  chooseTarget,
  DEFAULT_TARGET,
  openOrCreateTarget,
  openTarget,
  type TargetOptions,
} from "../target.ts";
import type { Terminal } from "../terminal.ts";

export type ImportCommandOptions = TargetOptions &
  HistoryOptions & {
    readonly fromPagerduty: boolean;
    /** How far back, milliseconds. */
    readonly since: number;
    readonly restart: boolean;
    readonly dryRun: boolean;
    /** A table with the id and the name of services. */
    readonly services?: string;
    readonly json: boolean;
  };

/** Imports a history into the ledger, so that a new bot starts with track records. */
export async function importCommand(
  files: readonly string[],
  options: ImportCommandOptions,
  terminal: Terminal,
  caller: NodeJS.ProcessEnv,
): Promise<void> {
  if (options.fromPagerduty) return importFromPagerDuty(files, options, terminal, caller);
  if (files.length === 0)
    throw new CommandError(
      "name the files to import, or --from-pagerduty: see 'mrdata import --help'",
      exitCodes.usage,
    );
  const target = chooseTarget(options, caller);
  const { env, window } = await deployedConfigOf(target, caller);
  const history = await readFiles(files, options, terminal, env);
  assertRead(history, files);
  const named = await tiedByNames(history.incidents, options, env, terminal);
  const incidents =
    withoutServiceId(named).length === 0 ? named : withServiceIds(named, await idsInLedger(target, env));
  const understood = understand(history, incidents, window, options, terminal);
  if (options.dryRun) {
    report({ ...countsOf(history), ...nothingImported }, true, options, terminal, understood);
    return;
  }
  const ledger = await openOrCreateTarget(target, env).ledger();
  try {
    const { columns } = understood;
    const imported = await intoLedger(ledger, incidents, target, window, terminal, columns);
    report({ ...countsOf(history), ...imported }, false, options, terminal, understood);
  } finally {
    await ledger.close();
  }
}

const countsOf = ({ rows, bad, duplicates, incidents }: History) => ({
  rows,
  bad,
  duplicates,
  incidents: incidents.length,
});

/** With a larger share of bad rows the file is probably being misread. */
const MAX_BAD_SHARE = 0.75;

/** Throws CommandError if nothing or almost nothing could be read: the rest would be mistaken for the whole history. */
function assertRead({ incidents, rows, bad, leftOut, formats }: History, files: readonly string[]): void {
  const [worst] = [...leftOut].sort((a, b) => b[1] - a[1]);
  const most = worst === undefined ? "" : `, most of them as: ${worst[0]}`;
  const further = "see 'mrdata import --help' for what can be read";
  if (
    incidents.length === 0 &&
    rows > 0 &&
    bad === 0 &&
    [...formats.keys()].every((name) => eventFormats.has(name))
  )
    throw new CommandError(
      `${files.join(", ")}: ${rows} rows tell what happened to incidents, and none how one opened: name the file of the incidents beside it`,
    );
  if (incidents.length === 0)
    throw new CommandError(
      `no incident can be read of ${files.join(", ")}: ${rows} rows, ${bad} of them bad${most}; ${further}`,
    );
  if (bad > MAX_BAD_SHARE * rows)
    throw new CommandError(
      `nearly nothing can be read of ${files.join(", ")}: ${bad} of ${rows} rows are bad${most}; nothing was imported; ${further}`,
    );
}

/** Replaces service names by ids: from the table in `--services`, then from PagerDuty if a token is set. */
async function tiedByNames(
  incidents: readonly PastIncident[],
  { services }: ImportCommandOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<readonly PastIncident[]> {
  const tied = services === undefined ? incidents : withServiceIds(incidents, readServiceNames(services));
  const token = env.MRDATA_PAGERDUTY_TOKEN?.trim();
  if (!token || withoutServiceId(tied).length === 0) return tied;
  terminal.progress("asking PagerDuty for the names of services");
  try {
    return withServiceIds(tied, await serviceIdsOfAccount(token, env));
  } catch (error) {
    terminal.say(`the names of services could not be looked up: ${messageOf(error)}`);
    return tied;
  }
}

/** Service ids by name, as webhooks and earlier imports recorded them; empty if there is no ledger yet. */
async function idsInLedger(target: Target, env: NodeJS.ProcessEnv): Promise<ServiceIds> {
  const ledger = await existingLedger(target, env);
  if (ledger === null) return new Map();
  try {
    return await serviceIdsInLedger(ledger, Date.now());
  } finally {
    await ledger.close();
  }
}

async function existingLedger(target: Target, env: NodeJS.ProcessEnv): Promise<Ledger | null> {
  try {
    return await openTarget(target, env).ledger();
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === exitCodes.notConfigured) return null;
    throw error;
  }
}

/** Prints how the history was interpreted, with warnings. With `strict`, throws CommandError on the first warning. */
function understand(
  history: History,
  incidents: readonly PastIncident[],
  window: number,
  { strict, keepColumn, json }: ImportCommandOptions,
  terminal: Terminal,
): Understood {
  const understood = understoodOf(history, incidents, { window, keepColumns: keepColumn });
  if (!json) for (const line of understoodLines(understood, history.rows)) terminal.say(line);
  sayColumns({ leftOut: [], kept: understood.columnsKept }, terminal);
  for (const warning of understood.warnings) terminal.say(`warning: ${warning}`);
  const [first] = understood.warnings;
  if (strict && first !== undefined)
    throw new CommandError(
      `nothing was imported: --strict, and ${understood.warnings.length === 1 ? "" : "above all "}${first}`,
    );
  return understood;
}

/** Imports over the REST API; after an interruption the same command resumes. */
async function importFromPagerDuty(
  files: readonly string[],
  options: ImportCommandOptions,
  terminal: Terminal,
  caller: NodeJS.ProcessEnv,
): Promise<void> {
  if (files.length > 0)
    throw new CommandError("name files, or give --from-pagerduty, not both", exitCodes.usage);
  const target = chooseTarget(options, caller);
  const { env, window } = await deployedConfigOf(target, caller);
  const backend = openOrCreateTarget(target, env);
  const { calls, account } = historyClient(
    await (await backend.secrets()).get("pagerduty-token"),
    systemClock,
    env,
  );
  // An import into Google Cloud also reads from this machine: the local folder keeps the progress so far.
  const home = target.kind === "local" ? target.directory : DEFAULT_TARGET.slice("local:".length);
  const state = importStateIn(stateFile(home));
  process.once("SIGINT", () => {
    terminal.say("interrupted: the same command goes on behind the last week that was read");
    process.exit(exitCodes.interrupted);
  });
  const now = Date.now();
  const asked = `${options.since / DAY}d`;
  const { incidents, bad } = await historyOfAccount(
    {
      calls,
      state,
      of: { account, asked, since: now - options.since, until: now },
      autoResolveAfter: options.autoResolve ?? AUTO_RESOLVE_AFTER,
      now: Date.now,
      restart: options.restart,
    },
    terminal,
    env,
  );
  const history = historyOf(incidents, bad);
  const understood = understand(history, incidents, window, options, terminal);
  if (options.dryRun)
    return report({ ...countsOf(history), ...nothingImported }, true, options, terminal, understood);
  const ledger = await backend.ledger();
  try {
    const imported = await intoLedger(ledger, incidents, target, window, terminal, understood.columns);
    report({ ...countsOf(history), ...imported }, false, options, terminal, understood);
    state.end();
  } finally {
    await ledger.close();
  }
}

/** Wraps what was read over the REST API as a history; its log entries include escalations. */
const historyOf = (incidents: readonly PastIncident[], bad: number): History => ({
  incidents,
  rows: incidents.length + bad,
  bad,
  duplicates: 0,
  leftOut: new Map(bad === 0 ? [] : [["rows that cannot be read", bad]]),
  columnsLeftOut: new Map(),
  remarks: new Map(),
  formats: new Map([["incidents", incidents.length]]),
  recordsEscalations: true,
});

/** Imports incidents with progress output. `window`: the hold window of the track records, milliseconds. */
export async function intoLedger(
  ledger: Ledger,
  incidents: readonly PastIncident[],
  { kind }: Target,
  window: number,
  terminal: Terminal,
  details: DetailColumns = detailColumns(incidents, window),
): Promise<Imported> {
  const pace = paceOf(Date.now);
  const latest = Date.now() + MAX_FUTURE_MS;
  const [early, past] = [
    incidents.filter(({ createdAt }) => createdAt > latest),
    incidents.filter(({ createdAt }) => createdAt <= latest),
  ];
  const imported = await importPast(ledger, past, {
    window,
    details,
    // Firestore accepts 10 MiB per request. Local writes take hundreds of incidents, and thousands of one service, because a
    // track record that is part of two writes is read and written twice.
    maxBatchSize: kind === "local" ? 5_000 : 40,
    mergedBatchSize: kind === "local" ? 300 : 40,
    concurrency: kind === "local" ? 1 : 8,
    progress: (done, of) => terminal.progress(`importing: ${done} of ${of} incidents${pace(done, of)}`),
  });
  // A future date would age every track record that the incident is part of.
  const dated = early.map(({ id, createdAt }) => ({
    incident: id,
    reason: `it is dated in the future, ${new Date(createdAt).toISOString()} (see --time-zone)`,
  }));
  const setAside = [...dated, ...(imported.setAside ?? [])];
  for (const { incident, reason } of setAside.slice(0, MAX_REPORTED))
    terminal.say(`incident ${incident}: ${reason}: left out`);
  if (setAside.length > MAX_REPORTED)
    terminal.say(`… and ${setAside.length - MAX_REPORTED} more incidents that cannot be kept`);
  return setAside.length === 0 ? imported : { ...imported, setAside };
}

/** Tolerated clock skew, as for webhooks. */
const MAX_FUTURE_MS = 3_600_000;

/** Incidents that are printed one by one; the rest are only counted. */
const MAX_REPORTED = 10;

const DAY = 86_400_000;

type Counts = Imported & {
  readonly rows: number;
  readonly bad: number;
  readonly duplicates: number;
  readonly incidents: number;
};

function report(
  counts: Counts,
  dryRun: boolean,
  options: ImportCommandOptions,
  terminal: Terminal,
  understood: Understood,
): void {
  if (options.json) {
    terminal.out(JSON.stringify({ ...counts, dryRun, understood }));
    return;
  }
  const { rows, bad, duplicates, incidents, added, completed, known, setAside = [] } = counts;
  const parts = [
    `${rows} rows`,
    ...(bad > 0 ? [`${bad} bad ones left out`] : []),
    ...(duplicates > 0 ? [`${duplicates} told again`] : []),
    `${incidents} incidents`,
  ];
  terminal.out(parts.join(", "));
  if (dryRun) {
    terminal.out("nothing imported: --dry-run");
    return;
  }
  terminal.out(
    `${added} imported, ${completed} completed, ${known} known already${setAside.length === 0 ? "" : `, ${setAside.length} set aside`}`,
  );
  const home = options.home === undefined ? "" : ` --home ${options.home}`;
  terminal.say(
    `Next: 'mrdata backtest${home}' says what the bot would have done, 'mrdata train${home} --promote' lets it begin.`,
  );
}

export const declareImport: Declare = (program, { terminal, env }) => {
  readingOptions(asksPagerDuty(onTarget(program.command("import [file...]"))))
    .description("takes your incident history into the ledger, so that the bot begins with track records")
    .option("--from-pagerduty", "read it over the REST API (MRDATA_PAGERDUTY_TOKEN) instead of files", false)
    .addOption(
      durationWith("--since <duration>", "with --from-pagerduty: how far back, as 12mo or 90d", "12mo"),
    )
    .option("--restart", "with --from-pagerduty: forget what an interrupted import has read", false)
    .option(
      "--services <file>",
      "a table with the id and the name of services, where a file has their names only",
    )
    .option("-n, --dry-run", "read and count, and write nothing", false)
    .addHelpText("after", importHelp())
    .action((files, options) => importCommand(files, options, terminal, env));
};

function importHelp(): string {
  const widest = Math.max(...Object.keys(historyColumns).map((name) => name.length));
  const columns = Object.entries(historyColumns).map(([name, means]) => `  ${name.padEnd(widest)}  ${means}`);
  return `
What can be read, gzipped or not, told by its content ('-' is standard input):
${historyFormats
  .toReversed()
  .map(({ description }) => `  ${description}`)
  .join("\n")}

${columns.join("\n")}
  details       a JSON object of what else is known when it opens

Other columns are details: numbers become features, texts keys of track records. What is only known afterwards is left
out and named with the reason; --keep-column brings it back. id, service, title and created_at
are needed; what your file calls them is said with --column id="Incident ID". Who closed PagerDuty's incidents: a person is a person; the monitor is 'integration'; what closed at the
auto-resolve timeout's age is nobody's and never counts as self-resolved.
Over the REST API the import keeps to a part of the rate limit, tells how long it will take, and goes on where it was
interrupted (its state is import-from-pagerduty.ndjson in the home). A read-only key is enough.
The same history twice changes nothing; what the bot lived through itself stays as it is.
Rows may come in any order, and an incident as often as it likes: the history is in memory meanwhile, about a gigabyte
for half a million incidents.

Examples: mrdata import incidents.csv
          mrdata import tickets.csv --column id="Ticket" --column created_at="Opened at" --time-zone Europe/Berlin
          mrdata import incidents.json log_entries.json --home .mrdata
          mrdata import --from-pagerduty --since 12mo
          mrdata import history.ndjson.gz --target gcp:my-project/mrdata`;
}
