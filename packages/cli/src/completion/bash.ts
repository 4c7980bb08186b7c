import type { CommandTree } from "./command-tree.ts";

/** Every way through the commands, as typed, with what may follow. */
function waysOf(tree: CommandTree, path: readonly string[] = []): readonly (readonly [string, string])[] {
  const words = [...tree.commands.map(({ name }) => name), ...tree.options.map(({ flag }) => flag)];
  return [
    [path.join(" "), words.join(" ")] as const,
    ...tree.commands.flatMap((below) => waysOf(below, [...path, below.name])),
  ];
}

/** Completes for bash 3.2 and later; where a command takes a file or a value, the shell's own completion goes on. */
export const bashScript = (tree: CommandTree): string => `# mrdata completion bash
_mrdata() {
  local current="\${COMP_WORDS[COMP_CWORD]}" way="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) case "\${way:+$way }$word" in
      ${waysOf(tree)
        .map(([way]) => `"${way}"`)
        .filter((way) => way !== '""')
        .join("|")}) way="\${way:+$way }$word" ;;
    esac ;; esac
  done
  case "$way" in
${waysOf(tree)
  .map(([way, words]) => `    "${way}") words="${words}" ;;`)
  .join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _mrdata ${tree.name}
`;
