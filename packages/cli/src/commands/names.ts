import { HistoryFileError, openText } from "@mrdata/history";
import {
  NAMING_VERSION,
  namesOf,
  type Replaced,
  reasonsForNames,
  subjectsOf,
  type Tally,
  tallyOf,
} from "@mrdata/incident";
import { ModelRefusedError } from "@mrdata/learning";
import type { Target } from "@mrdata/runtime";
import { type Declare, onTarget } from "../declare.ts";
import { openWithDeployedConfig } from "../deployed-config.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { namesOfChampion } from "../names/champions-names.ts";
import { refileNames } from "../names/refile-names.ts";
import { chooseTarget, type TargetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

export type NamesOptions = TargetOptions & {
  readonly json: boolean;
  readonly service?: string | undefined;
  readonly refile: boolean;
};

/**
 * Prints the alarm names of each title, at each level, with the reasons. Names are derived from the title alone; a ledger is opened only
 * if a service is given, to show its track record under each name, or to refile what it has.
 */
export async function names(
  file: string | undefined,
  options: NamesOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
  input: NodeJS.ReadableStream = process.stdin,
): Promise<void> {
  if (options.refile) return refileNames(options, terminal, env);
  const { service } = options;
  // Without a ledger every name but the learnt one is known: it is opened only on request.
  const needsLedger = [service, options.home, options.target].some((one) => one !== undefined);
  const known =
    !needsLedger || options.json ? null : await openLedgerFacts(service, chooseTarget(options, env), env);
  let titles = 0;
  try {
    for await (const title of linesOf(file, input)) {
      if (title === "") continue;
      titles += 1;
      if (options.json) terminal.out(JSON.stringify({ title, levels: namesOf(title) }));
      else for (const line of titleLines(title, await known?.of(title))) terminal.out(line);
    }
  } finally {
    await known?.close();
  }
  if (titles === 0) throw new CommandError("there is no title: write one a line", exitCodes.usage);
  if (!options.json)
    terminal.say(`${titles} ${titles === 1 ? "title" : "titles"}, naming version ${NAMING_VERSION}`);
}

/** What a ledger adds to a title's names: the service's track record under each, and the learnt name. */
type LedgerFacts = { readonly tallies: readonly Tally[]; readonly learnt: readonly string[] };
const NO_FACTS: LedgerFacts = { tallies: [], learnt: [] };

/** Opens the ledger for a service's track record under each name, and the champion's learnt names. */
async function openLedgerFacts(service: string | undefined, target: Target, env: NodeJS.ProcessEnv) {
  const { ledger, windowMs, backend } = await openWithDeployedConfig(target, env);
  try {
    const champion = await namesOfChampion(ledger, await backend.models());
    const talliesOf = async (title: string): Promise<readonly Tally[]> => {
      if (service === undefined) return [];
      const subjects = subjectsOf(service, title).filter(({ kind }) => kind.startsWith("alarm"));
      const read = await ledger.trackRecords(subjects, windowMs);
      return read.map(({ records }) => tallyOf(records, Date.now()));
    };
    return {
      of: async (title: string): Promise<LedgerFacts> => ({
        tallies: await talliesOf(title),
        learnt: champion.of(title, service),
      }),
      close: () => ledger.close(),
    };
  } catch (error) {
    await ledger.close();
    throw error instanceof ModelRefusedError
      ? new CommandError(`the champion cannot be used: ${error.message}`)
      : error;
  }
}

async function* linesOf(file: string | undefined, input: NodeJS.ReadableStream): AsyncGenerator<string> {
  const source = file === undefined || file === "-" ? textOf(input) : openText(file);
  // Not with readline: it breaks lines at characters that a title may contain (U+2028).
  let rest = "";
  try {
    for await (const chunk of source) {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield titleIn(line);
    }
  } catch (error) {
    if (error instanceof HistoryFileError) throw new CommandError(error.message);
    throw error;
  }
  yield titleIn(rest);
}

/** Standard input as text. Throws HistoryFileError for bytes that are not UTF-8: a guessed letter would yield another name. */
async function* textOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of input)
      yield typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw new HistoryFileError("standard input is no UTF-8");
    throw error;
  }
}

const titleIn = (line: string): string => line.replace(/^\ufeff/u, "").replace(/\r$/u, "");

const levelTitles = ["this very alarm", "this kind of alarm", "its words"] as const;

function titleLines(title: string, { tallies, learnt }: LedgerFacts = NO_FACTS): readonly string[] {
  const { names: levels, replaced } = reasonsForNames(title);
  return [
    title,
    ...levels.flatMap((name, level) => [
      `  ${level} ${levelTitles[level]?.padEnd(20)} ${name}`,
      ...tallyLines(tallies[level]),
      ...replacementLines(replaced[level] ?? []),
    ]),
    ...learnt,
    "",
  ];
}

const tallyLines = (tally: Tally | undefined): readonly string[] =>
  tally === undefined
    ? []
    : [
        `      seen ${tally.opened}, resolved themselves ${tally.selfResolved}, needed a human ${tally.neededHuman}`,
      ];

const replacementLines = (replaced: readonly Replaced[]): readonly string[] =>
  replaced.map(({ text, by, why }) => `      '${text}' became '${by}': ${why}`);

export const declareNames: Declare = (program, { terminal, env }) => {
  onTarget(program.command("names [file]"))
    .description("which alarm a title is, at each level of its name, and why")
    .option("--service <id>", "PagerDuty id of a service: also shows what is known there under each name")
    .option("--refile", "file what the ledger knows under the names of today, as after an upgrade", false)
    .addHelpText(
      "after",
      `\nReads a title a line, from a file or from standard input. With --json, which needs no ledger, a line per title:
{"title","levels":[finest, without numbers and hosts, words]}.
With --home or --target, what the champion has learnt of names is told beside them, with the reason.

Example: echo 'Pod web-7d9f8b6c5d-x2k4p crashed' | mrdata names`,
    )
    .action((file, options) => names(file, options, terminal, env));
};
