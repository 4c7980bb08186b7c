import { createReadStream } from "node:fs";
import { NAMING_VERSION, namesOf, type Replaced, reasonsForNames } from "@mrdata/incident";
import type { Declare } from "../declare.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

export type NamesOptions = { readonly json: boolean };

/** Tells which alarm each title is, at each level, and why. Needs no ledger: a title's names are worked out of it alone. */
export async function names(
  file: string | undefined,
  options: NamesOptions,
  terminal: Terminal,
  input: NodeJS.ReadableStream = process.stdin,
): Promise<void> {
  let titles = 0;
  for await (const title of linesOf(file, input)) {
    if (title === "") continue;
    titles += 1;
    if (options.json) terminal.out(JSON.stringify({ title, levels: namesOf(title) }));
    else for (const line of explained(title)) terminal.out(line);
  }
  if (titles === 0) throw new CommandError("there is no title: write one a line", exitCodes.usage);
  if (!options.json)
    terminal.say(`${titles} ${titles === 1 ? "title" : "titles"}, naming version ${NAMING_VERSION}`);
}

async function* linesOf(file: string | undefined, input: NodeJS.ReadableStream): AsyncGenerator<string> {
  const source = file === undefined || file === "-" ? input : createReadStream(file);
  source.setEncoding("utf8");
  // Not with readline: it ends lines at signs that a title may have (U+2028).
  let rest = "";
  try {
    for await (const chunk of source) {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield titleIn(line);
    }
  } catch (error) {
    if (error instanceof Error && "syscall" in error)
      throw new CommandError(`'${file ?? "-"}' cannot be read: ${error.message}`);
    throw error;
  }
  yield titleIn(rest);
}

const titleIn = (line: string): string => line.replace(/^\ufeff/u, "").replace(/\r$/u, "");

const levelTitles = ["this very alarm", "this kind of alarm", "its words"] as const;

function explained(title: string): readonly string[] {
  const { names: levels, replaced } = reasonsForNames(title);
  return [
    title,
    ...levels.flatMap((name, level) => [
      `  ${level} ${levelTitles[level]?.padEnd(20)} ${name}`,
      ...whys(replaced[level] ?? []),
    ]),
    "",
  ];
}

const whys = (replaced: readonly Replaced[]): readonly string[] =>
  replaced.map(({ text, by, why }) => `      '${text}' became '${by}': ${why}`);

export const declareNames: Declare = (program, { terminal }) => {
  program
    .command("names [file]")
    .description("which alarm a title is, at each level of its name, and why")
    .option(
      "--json",
      'a line per title: {"title","levels":[finest, without numbers and hosts, words]}',
      false,
    )
    .addHelpText(
      "after",
      "\nReads a title a line, from a file or from standard input.\n\nExample: echo 'Pod web-7d9f8b6c5d-x2k4p crashed' | mrdata names",
    )
    .action((file, options) => names(file, options, terminal));
};
