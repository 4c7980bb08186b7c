import { type History, type Imported, type Understood, understoodLines, understoodOf } from "@mrdata/history";
import type { PastIncident } from "@mrdata/incident";
import { CommandError } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { sayColumns } from "./columns-said.ts";
import type { ImportCommandOptions } from "./import-options.ts";

/** Prints how the history was interpreted, with warnings. With `strict`, throws CommandError on the first warning. */
export function understand(
  history: History,
  incidents: readonly PastIncident[],
  windowMs: number,
  { strict, keepColumn, json }: ImportCommandOptions,
  terminal: Terminal,
): Understood {
  const understood = understoodOf(history, incidents, { windowMs, keepColumns: keepColumn });
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

type Counts = Imported & {
  readonly rows: number;
  readonly bad: number;
  readonly duplicates: number;
  readonly incidents: number;
};

export const countsOf = ({ rows, bad, duplicates, incidents }: History) => ({
  rows,
  bad,
  duplicates,
  incidents: incidents.length,
});

/** Prints what an import did and what comes next, or all of it as JSON. */
export function reportImport(
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
