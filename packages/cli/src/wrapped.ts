import type { Terminal } from "./terminal.ts";

/**
 * Wraps a line at `columns` characters without breaking longer words. Continuation lines are indented like the first, or by `hang`
 * characters.
 */
export function wrapped(
  line: string,
  columns: number | undefined,
  hang = /^ */.exec(line)?.[0].length ?? 0,
): readonly string[] {
  if (columns === undefined || line.length <= columns) return [line];
  // A terminal this narrow leaves no room for the full indent.
  const indent = " ".repeat(hang > columns / 2 ? 2 : hang);
  const lines: string[] = [];
  let rest = line;
  let from = /^ */.exec(line)?.[0].length ?? 0;
  while (rest.length > columns) {
    const at = rest.lastIndexOf(" ", columns);
    const end = at > from ? at : rest.indexOf(" ", from + 1);
    if (end <= from) break;
    lines.push(rest.slice(0, end).trimEnd());
    rest = `${indent}${rest.slice(end).trimStart()}`;
    from = indent.length;
  }
  return [...lines, rest];
}

/** The zero-width marks for bold and dim (see `neutral-terminal.ts`). */
const MARK = /<\/?[0-9a-f]{32}(?:bold|dim)?>/g;

/** Prints lines of prose, wrapped to the terminal. A line is only wrapped if its sole marked text is at the beginning. */
export function printWrapped(
  terminal: Pick<Terminal, "out" | "columns">,
  lines: readonly string[],
  hang?: number,
): void {
  for (const line of lines) for (const part of foldedLine(line, terminal.columns, hang)) terminal.out(part);
}

function foldedLine(line: string, columns: number | undefined, hang?: number): readonly string[] {
  const seen = line.replaceAll(MARK, "");
  if (columns === undefined || seen.length <= columns) return [line];
  const [first = "", ...rest] = wrapped(seen, columns, hang);
  if (seen === line) return [first, ...rest];
  const marked = /^ *<[0-9a-f]{32}(?:bold|dim)>[^<]*<\/[0-9a-f]{32}>/.exec(line)?.[0];
  if (marked === undefined) return [line];
  const width = marked.replaceAll(MARK, "").length;
  const isOne = line.slice(marked.length).replaceAll(MARK, "") === line.slice(marked.length);
  return isOne && width <= first.length ? [`${marked}${first.slice(width)}`, ...rest] : [line];
}
