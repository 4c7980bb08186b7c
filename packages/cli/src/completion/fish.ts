import type { CommandTree } from "./command-tree.ts";

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** Completion for fish 3 and later, with descriptions. */
export function fishScript(tree: CommandTree): string {
  const lines: string[] = ["# mrdata completion fish"];
  const declare = (of: CommandTree, condition: string): void => {
    for (const { name, description } of of.commands)
      lines.push(
        `complete -c mrdata -f -n ${quoted(condition)} -a ${quoted(name)} -d ${quoted(description)}`,
      );
    for (const { flag, description, takesValue } of of.options)
      lines.push(
        `complete -c mrdata -n ${quoted(condition)} -l ${flag.slice(2)}${takesValue ? " -r" : ""} -d ${quoted(description)}`,
      );
  };
  declare(tree, "__fish_use_subcommand");
  for (const command of tree.commands) {
    const below = command.commands.map(({ name }) => name).join(" ");
    const here = `__fish_seen_subcommand_from ${command.name}`;
    declare(command, below === "" ? here : `${here}; and not __fish_seen_subcommand_from ${below}`);
    for (const inner of command.commands)
      declare(inner, `${here}; and __fish_seen_subcommand_from ${inner.name}`);
  }
  return `${lines.join("\n")}\n`;
}
