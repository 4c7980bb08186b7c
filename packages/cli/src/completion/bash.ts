import type { CommandTree } from "./command-tree.ts";

/** Every command path as typed, with the words that may follow it. */
function commandPaths(
  tree: CommandTree,
  path: readonly string[] = [],
): readonly (readonly [string, string])[] {
  const words = [...tree.commands.map(({ name }) => name), ...tree.options.map(({ flag }) => flag)];
  return [
    [path.join(" "), words.join(" ")] as const,
    ...tree.commands.flatMap((below) => commandPaths(below, [...path, below.name])),
  ];
}

/** Completion for bash 3.2 and later; for files and values the shell's own completion applies. */
export const bashScript = (tree: CommandTree): string => `# mrdata completion bash
_mrdata() {
  local current="\${COMP_WORDS[COMP_CWORD]}" way="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) case "\${way:+$way }$word" in
      ${commandPaths(tree)
        .map(([way]) => `"${way}"`)
        .filter((way) => way !== '""')
        .join("|")}) way="\${way:+$way }$word" ;;
    esac ;; esac
  done
  case "$way" in
${commandPaths(tree)
  .map(([way, words]) => `    "${way}") words="${words}" ;;`)
  .join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _mrdata ${tree.name}
`;
