import {
  type ColumnMapping,
  type DateOrder,
  type History,
  readHistory,
  type TextEncodingName,
} from "@mrdata/history";
import { isDrillTitle, type PastIncident } from "@mrdata/incident";
import type { Identity } from "@mrdata/pagerduty";
import { readEnvironment } from "@mrdata/runtime";
import { CommandError } from "../exit-codes.ts";
import { paceOf } from "../pace.ts";
import { readPast } from "../past/ask-champion.ts";
import { chooseTarget, openTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

export type LoadedHistory = {
  readonly incidents: readonly PastIncident[];
  /** The source, for messages: the files, or the target of the ledger. */
  readonly from: string;
  readonly bad: number;
  readonly duplicates: number;
  /** Columns left out because they are only known afterwards, with the reason. */
  readonly columnsLeftOut: ReadonlyMap<string, string>;
};

/** How the rows of a file are to be read. */
export type HistoryOptions = {
  readonly strict: boolean;
  /** The name of a format. */
  readonly format?: string;
  /** The time zone of times without an offset. */
  readonly timeZone?: string;
  readonly dateOrder?: DateOrder;
  readonly encoding?: TextEncodingName;
  /** The file's headings for our columns. */
  readonly column?: ColumnMapping;
  /** Columns to use as details in spite of any objection. */
  readonly keepColumn?: readonly string[];
  /** Who closes incidents for the monitor, as named in the export. */
  readonly monitor?: readonly string[];
  /** PagerDuty's auto-resolve timeout, milliseconds; null for none. */
  readonly autoResolve?: number | null;
};

/** Bad rows that are printed one by one; the rest are only counted. */
const MAX_REPORTED = 10;

/**
 * Loads the history from files or, without any, from the target's ledger. Bad rows are printed with their line number; drills are left
 * out.
 */
export async function loadHistory(
  files: readonly string[],
  options: TargetOptions & HistoryOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<LoadedHistory> {
  const loaded =
    files.length === 0
      ? await historyOfLedger(options, terminal, env)
      : { ...(await readFiles(files, options, terminal, env)), from: files.join(", ") };
  return { ...loaded, incidents: loaded.incidents.filter(({ title }) => !isDrillTitle(title)) };
}

/** Reads the files and prints the bad rows. */
export async function readFiles(
  files: readonly string[],
  options: HistoryOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<History> {
  const { strict, format, timeZone, dateOrder, encoding, column, keepColumn, monitor, autoResolve } = options;
  let reported = 0;
  const pace = paceOf(Date.now);
  const history = await readHistory(files, {
    strict,
    identity: identityOf(env),
    ...(format === undefined ? {} : { format }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(dateOrder === undefined ? {} : { dateOrder }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(column === undefined ? {} : { columns: column }),
    ...(keepColumn === undefined ? {} : { keepColumns: keepColumn }),
    ...(monitor === undefined ? {} : { monitors: monitor }),
    ...(autoResolve === undefined ? {} : { autoResolveAfter: autoResolve }),
    onBad({ file, line, problem }) {
      if (++reported <= MAX_REPORTED) terminal.say(`${file}, line ${line}: ${problem}: left out`);
    },
    progress: (rows) => terminal.progress(`reading ${files.join(", ")}: ${rows} rows${pace(rows)}`),
  });
  if (history.bad > MAX_REPORTED)
    terminal.say(`… and ${history.bad - MAX_REPORTED} more rows that cannot be read`);
  return history;
}

/** The users whose actions are not a person's. */
export function identityOf(env: NodeJS.ProcessEnv): Identity {
  const { MRDATA_BOT_USER, MRDATA_AUTOMATION_USERS } = readEnvironment({ ...env, MRDATA_TARGET: "local:." });
  return { botUser: MRDATA_BOT_USER, automationUsers: MRDATA_AUTOMATION_USERS };
}

async function historyOfLedger(
  options: TargetOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<LoadedHistory> {
  const target = chooseTarget(options, env);
  const ledger = await openTarget(target, env).ledger();
  try {
    const { incidents } = await readPast(ledger, (sentence) => terminal.progress(sentence));
    const from = target.kind === "local" ? target.directory : `${target.project}/${target.database}`;
    if (incidents.length === 0)
      throw new CommandError(
        `the ledger of ${from} has no incidents: import a history first (mrdata import FILE), or name a file`,
      );
    return { incidents, from, bad: 0, duplicates: 0, columnsLeftOut: new Map() };
  } finally {
    await ledger.close();
  }
}
