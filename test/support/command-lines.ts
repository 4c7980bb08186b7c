import { createProgram } from "@mrdata/cli";

/**
 * A `mrdata` command as some text tells people to type it. In a block it is typed as it stands; in running text it may
 * be named without its arguments; in a sentence of the source nothing but the words after it may say where it ends.
 */
export type Written = { readonly in: "block" | "text" | "source"; readonly line: string };

type Program = Awaited<ReturnType<typeof createProgram>>;

const silent = {
  out: () => {},
  say: () => {},
  progress: () => {},
  bold: (text: string) => text,
  dim: (text: string) => text,
};

/** The command line's own program, whose commands do nothing. It parses any number of commands, one after the other. */
async function idleProgram(mayLack: boolean): Promise<Program> {
  const idle = (command: Program) => {
    command.configureOutput({ writeOut: () => {}, writeErr: () => {} });
    if (mayLack) for (const option of command.options) option.mandatory = false;
    // A command that has others below it may do something of its own, too.
    const acts = "_actionHandler" in command && command._actionHandler !== null;
    if (command.commands.length === 0 || acts) command.action(() => {});
    for (const below of command.commands) idle(below);
  };
  const program = await createProgram(silent, {});
  idle(program);
  return program;
}

const programs: Readonly<Record<Written["in"], Program>> = {
  block: await idleProgram(false),
  text: await idleProgram(true),
  source: await idleProgram(true),
};

/** Words as a shell makes them: quotes kept together; comments, `…`, pipes and redirections left out. */
const wordsOf = (line: string): readonly string[] =>
  [
    ...line
      .replace(/\s#.*$/, "")
      .replace(/\s[>|].*$/, "")
      .matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g),
  ].flatMap(([word]) => (word === "…" ? [] : [word.replaceAll(/["']/g, "")]));

const named = ["commander.missingArgument", "commander.optionMissingArgument", "commander.help"];
const tolerated: Readonly<Record<Written["in"], readonly string[]>> = {
  block: [],
  text: named,
  source: [...named, "commander.excessArguments"],
};

/** What the program says of a command that it cannot parse; null where it can. */
export function complaintOf(written: Written): string | null {
  const words = wordsOf(written.line.replace(/^(?:npx )?mrdata /, ""));
  try {
    programs[written.in].parse(words, { from: "user" });
    return null;
  } catch (error) {
    // Commander's own, by its shape: the class belongs to the command line's room.
    if (!(error instanceof Error && "code" in error && "exitCode" in error)) throw error;
    return error.exitCode === 0 || tolerated[written.in].includes(String(error.code))
      ? null
      : `${written.line}: ${error.message}`;
  }
}

/** The commands of a Markdown text. */
export function commandsInText(text: string): readonly Written[] {
  const block = /^ *```sh\n(.*?)^ *```/gms;
  return [
    ...[...text.matchAll(block)]
      .flatMap(([, lines = ""]) => lines.split("\n"))
      .filter((line) => /^ *(?:npx )?mrdata /.test(line))
      .map((line) => ({ in: "block" as const, line: line.trim() })),
    ...[...text.replaceAll(block, "").matchAll(/`((?:npx )?mrdata [^`]+)`/g)].map(([, line = ""]) => ({
      in: "text" as const,
      line: line.replaceAll(/\s+/g, " "),
    })),
  ];
}

/** The commands that the sentences of a source speak of. */
export const commandsInSource = (source: string): readonly Written[] =>
  [
    ...source
      .replaceAll(/(?<=\w)\$\{[^{}]*\}/g, "")
      .replaceAll(/\$\{[^{}]*\}/g, "1")
      .matchAll(/mrdata [a-z][^\n]*/g),
  ].map(([line]) => ({
    in: "source",
    // Ends with its clause: what stands in quotes belongs to it.
    line:
      /^(?:(?<=[\s=])(?:'[^']*'|"[^"]*")|[^"'`.,;:()\\]|\.(?=\w)|:(?=\S))*/.exec(line)?.[0].trim() ?? line,
  }));
