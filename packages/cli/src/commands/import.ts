import {
  eventFormats,
  type History,
  historyFormats,
  nothingImported,
  withoutServiceId,
  withServiceIds,
} from "@mrdata/history";
import { historyColumns } from "@mrdata/learning";
import { asksPagerDuty, type Declare, onTarget } from "../declare.ts";
import { deployedConfigOf } from "../deployed-config.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import type { ImportCommandOptions } from "../history/import-options.ts";
import { intoLedger } from "../history/into-ledger.ts";
import { readFiles } from "../history/load-history.ts";
import { readingOptions } from "../history/reading-options.ts";
import { countsOf, reportImport, understand } from "../history/report-import.ts";
import { idsInLedger, tiedByNames } from "../history/tie-services.ts";
import { durationWith } from "../option-types.ts";
import { chooseTarget, openOrCreateTarget } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { importFromPagerDuty } from "./import-from-pagerduty.ts";

/** Imports a history into the ledger, so that a new bot starts with track records. */
async function importCommand(
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
  const { env, windowMs } = await deployedConfigOf(target, caller);
  const history = await readFiles(files, options, terminal, env);
  assertRead(history, files);
  const named = await tiedByNames(history.incidents, options, env, terminal);
  const incidents =
    withoutServiceId(named).length === 0 ? named : withServiceIds(named, await idsInLedger(target, env));
  const understood = understand(history, incidents, windowMs, options, terminal);
  if (options.dryRun) {
    reportImport({ ...countsOf(history), ...nothingImported }, true, options, terminal, understood);
    return;
  }
  const ledger = await openOrCreateTarget(target, env).ledger();
  try {
    const { columns } = understood;
    const imported = await intoLedger(ledger, incidents, target, windowMs, terminal, columns);
    reportImport({ ...countsOf(history), ...imported }, false, options, terminal, understood);
  } finally {
    await ledger.close();
  }
}

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
      `${files.join(", ")}: ${rows} rows say what happened to incidents, and none how one opened: name the file of the incidents beside it`,
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
What can be read, gzipped or not, recognised by its content ('-' is standard input):
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
Over the REST API the import keeps to a part of the rate limit, says how long it will take, and resumes where it was
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
