import { type PastIncident, pastOf } from "@mrdata/incident";
import { CommandError } from "../exit-codes.ts";
import { chooseTarget, openTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { readHistory } from "./read-history.ts";

export type LoadedHistory = {
  readonly incidents: readonly PastIncident[];
  /** For people: the file, or the target whose ledger it is. */
  readonly from: string;
  readonly bad: number;
  readonly duplicates: number;
};

/** Bad rows that are told one by one; the rest only counted. */
const MOST_TOLD = 10;

/** The history of a file, or without one what the target's ledger has recorded. Bad rows are told with their line. */
export async function loadHistory(
  file: string | undefined,
  options: TargetOptions & { readonly strict: boolean },
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<LoadedHistory> {
  if (file === undefined) return historyOfLedger(options, terminal, env);
  let told = 0;
  const { incidents, bad, duplicates } = await readHistory(file, {
    strict: options.strict,
    onBad({ line, problem }) {
      if (++told <= MOST_TOLD) terminal.say(`${file}, line ${line}: ${problem}: left out`);
    },
    progress: (rows) => terminal.progress(`reading ${file}: ${rows} rows`),
  });
  if (bad > MOST_TOLD) terminal.say(`… and ${bad - MOST_TOLD} more rows that cannot be read`);
  return { incidents, from: file, bad, duplicates };
}

async function historyOfLedger(
  options: TargetOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<LoadedHistory> {
  const target = chooseTarget(options, env);
  const ledger = await openTarget(target, env).ledger();
  try {
    const incidents: PastIncident[] = [];
    for await (const { events } of ledger.pastIncidents()) {
      const past = pastOf(events);
      if (past !== null) incidents.push(past);
      if (incidents.length % 500 === 0)
        terminal.progress(`reading the ledger: ${incidents.length} incidents`);
    }
    const from = target.kind === "local" ? target.directory : `${target.project}/${target.database}`;
    if (incidents.length === 0)
      throw new CommandError(
        `the ledger of ${from} has no incidents: import a history first (npx mrdata import FILE), or name a file`,
      );
    return { incidents, from, bad: 0, duplicates: 0 };
  } finally {
    await ledger.close();
  }
}
