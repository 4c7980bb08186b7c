import type { Command } from "commander";

/** The parts of a command that a shell can complete. */
export type CommandTree = {
  readonly name: string;
  /** The name and its arguments, as `--help` lists them. */
  readonly term: string;
  readonly description: string;
  readonly options: readonly {
    readonly flag: string;
    readonly description: string;
    readonly takesValue: boolean;
  }[];
  readonly commands: readonly CommandTree[];
};

/** Extracts the tree from Commander; hidden options are left out. */
export const treeOf = (command: Command): CommandTree => ({
  name: command.name(),
  term: command.createHelp().subcommandTerm(command).replace(" [options]", ""),
  description: command.description(),
  options: [
    ...command.options
      .filter(({ hidden }) => !hidden)
      .flatMap(({ long, description, required, optional }) =>
        long ? [{ flag: long, description, takesValue: required || optional }] : [],
      ),
    { flag: "--help", description: "display help for command", takesValue: false },
  ],
  commands: command.commands.map(treeOf),
});
