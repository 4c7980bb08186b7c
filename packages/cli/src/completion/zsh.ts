import type { CommandTree } from "./command-tree.ts";

const escaped = (text: string): string =>
  text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, (sign) => `\\${sign}`);
const functionOf = (path: readonly string[]): string => `_${path.join("_").replaceAll("-", "_")}`;

function functionsOf(tree: CommandTree, path: readonly string[]): readonly string[] {
  const options = tree.options.map(
    ({ flag, description, takesValue }) =>
      `    '${flag}[${escaped(description)}]${takesValue ? ":value:_files" : ""}'`,
  );
  if (tree.commands.length === 0)
    return [
      `${functionOf(path)}() {\n  _arguments \\\n${[...options, "    '*:file:_files'"].join(" \\\n")}\n}`,
    ];
  const names = tree.commands.map(({ name, description }) => `    '${name}:${escaped(description)}'`);
  const cases = tree.commands.map(({ name }) => `      ${name}) ${functionOf([...path, name])} ;;`);
  return [
    `${functionOf(path)}() {
  local -a commands=(
${names.join("\n")}
  )
  local curcontext="$curcontext" state line
  _arguments -C \\
${[...options, "    '1:command:->command'", "    '*::argument:->argument'"].join(" \\\n")}
  case $state in
    command) _describe command commands ;;
    argument) case $line[1] in
${cases.join("\n")}
    esac ;;
  esac
}`,
    ...tree.commands.flatMap((below) => functionsOf(below, [...path, below.name])),
  ];
}

/** Completion for zsh, with descriptions: as a file in `fpath`, or sourced. */
export const zshScript = (tree: CommandTree): string => `#compdef mrdata
# mrdata completion zsh
${functionsOf(tree, ["mrdata"]).join("\n")}
if [ "$funcstack[1]" = "_mrdata" ]; then _mrdata "$@"; else compdef _mrdata ${tree.name}; fi
`;
