import { AUTO_RESOLVE_AFTER, type History, nothingImported } from "@mrdata/history";
import type { PastIncident } from "@mrdata/incident";
import { systemClock } from "@mrdata/platform";
import { deployedConfigOf } from "../deployed-config.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { historyClient, historyOfAccount, stateFile } from "../history/from-pagerduty.ts";
import type { ImportCommandOptions } from "../history/import-options.ts";
import { importStateIn } from "../history/import-state.ts";
import { intoLedger } from "../history/into-ledger.ts";
import { countsOf, reportImport, understand } from "../history/report-import.ts";
import { chooseTarget, DEFAULT_TARGET, openOrCreateTarget } from "../target.ts";
import type { Terminal } from "../terminal.ts";

const DAY = 86_400_000;

/** Imports over the REST API; after an interruption the same command resumes. */
export async function importFromPagerDuty(
  files: readonly string[],
  options: ImportCommandOptions,
  terminal: Terminal,
  caller: NodeJS.ProcessEnv,
): Promise<void> {
  if (files.length > 0)
    throw new CommandError("name files, or give --from-pagerduty, not both", exitCodes.usage);
  const target = chooseTarget(options, caller);
  const { env, windowMs } = await deployedConfigOf(target, caller);
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
  const understood = understand(history, incidents, windowMs, options, terminal);
  if (options.dryRun)
    return reportImport({ ...countsOf(history), ...nothingImported }, true, options, terminal, understood);
  const ledger = await backend.ledger();
  try {
    const imported = await intoLedger(ledger, incidents, target, windowMs, terminal, understood.columns);
    reportImport({ ...countsOf(history), ...imported }, false, options, terminal, understood);
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
