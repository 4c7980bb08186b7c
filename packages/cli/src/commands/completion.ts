import type { Command } from "commander";
import { bashScript } from "../completion/bash.ts";
import { bundledTree } from "../completion/bundled-tree.ts";
import { treeOf } from "../completion/command-tree.ts";
import { fishScript } from "../completion/fish.ts";
import { zshScript } from "../completion/zsh.ts";
import type { Declare } from "../declare.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** The completion script of a shell, generated from the commands and options that the program declares. */
function scriptFor(shell: string, program: Command): string {
  if (!Object.hasOwn(scripts, shell))
    throw new CommandError(
      `'${shell}' is no shell that can be completed for: choose one of ${Object.keys(scripts).join(", ")}`,
      exitCodes.usage,
    );
  const script = Object.entries(scripts).find(([name]) => name === shell)?.[1] ?? bashScript;
  return script(bundledTree ?? treeOf(program));
}

export const declareCompletion: Declare = (program, { terminal }) => {
  program
    .command("completion <bash|zsh|fish>")
    .description("a script that lets a shell complete commands and options")
    .addHelpText(
      "after",
      `
Examples:
  source <(mrdata completion bash)                                     # in ~/.bashrc
  mrdata completion zsh > "\${fpath[1]}/_mrdata"
  mrdata completion fish > ~/.config/fish/completions/mrdata.fish`,
    )
    .action((shell: string) => {
      for (const line of scriptFor(shell, program).trimEnd().split("\n")) terminal.out(line);
    });
};
