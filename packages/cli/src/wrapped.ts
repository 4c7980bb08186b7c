/** The line in lines of at most so many characters, each as far in as the first; words that are longer are not divided. */
export function wrapped(line: string, columns: number | undefined): readonly string[] {
  if (columns === undefined || line.length <= columns) return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const at = rest.lastIndexOf(" ", columns);
    const end = at > indent.length ? at : rest.indexOf(" ", indent.length + 1);
    if (end <= indent.length) break;
    lines.push(rest.slice(0, end).trimEnd());
    rest = `${indent}${rest.slice(end).trimStart()}`;
  }
  return [...lines, rest];
}
