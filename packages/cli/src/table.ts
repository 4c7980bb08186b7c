import { outOfRange } from "@mrdata/base";
import type { Terminal } from "./terminal.ts";

export type Column<Row> = {
  readonly head: string;
  readonly of: (row: Row) => string;
  /** Numbers stand at the right. */
  readonly right?: boolean;
  /** Is cut where the terminal is too narrow for the whole row. */
  readonly shrinks?: boolean;
};

const GAP = "  ";
/** A column is never cut to less. */
const LEAST_WIDTH = 12;

/** A table with a head, as wide as the terminal allows: what shrinks is cut with a sign that it was. */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  terminal: Pick<Terminal, "bold" | "columns">,
): readonly string[] {
  const cells = rows.map((row) => columns.map(({ of }) => of(row)));
  const wanted = columns.map(({ head }, i) =>
    Math.max(head.length, ...cells.map((row) => row[i]?.length ?? 0)),
  );
  const widths = fitted(wanted, columns, terminal.columns ?? null);
  const lineOf = (texts: readonly string[]): string =>
    texts
      .map((text, i) => {
        const width = widths[i] ?? outOfRange();
        const cut = text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
        return columns[i]?.right ? cut.padStart(width) : cut.padEnd(width);
      })
      .join(GAP)
      .trimEnd();
  return [terminal.bold(lineOf(columns.map(({ head }) => head))), ...cells.map(lineOf)];
}

function fitted(
  wanted: readonly number[],
  columns: readonly { readonly shrinks?: boolean }[],
  terminalWidth: number | null,
): readonly number[] {
  if (terminalWidth === null) return wanted;
  const total = wanted.reduce((sum, width) => sum + width, 0) + GAP.length * (wanted.length - 1);
  let over = total - terminalWidth;
  return wanted.map((width, i) => {
    if (over <= 0 || !columns[i]?.shrinks) return width;
    const kept = Math.max(Math.min(width, LEAST_WIDTH), width - over);
    over -= width - kept;
    return kept;
  });
}
