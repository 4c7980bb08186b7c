import { outOfRange } from "@mrdata/base";
import type { Terminal } from "./terminal.ts";

export type Column<Row> = {
  readonly head: string;
  readonly of: (row: Row) => string;
  /** Right-aligned, for numbers. */
  readonly right?: boolean;
  /** Truncated if the terminal is too narrow for the row. */
  readonly shrinks?: boolean;
  /** Moved to a line below if the columns do not fit side by side. */
  readonly below?: boolean;
};

const GAP = "  ";
const BELOW = "    ";
/** A column is never truncated to less. */
const MIN_WIDTH = 12;

/**
 * A table with a header, as wide as the terminal allows: shrinkable columns are truncated with an ellipsis; if that is not enough, some
 * columns move below the others; failing that, each row is printed field by field.
 */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  terminal: Pick<Terminal, "bold" | "columns">,
): readonly string[] {
  const { columns: width, bold } = terminal;
  const beside = columns.filter(({ below }) => below !== true);
  const below = columns.filter((column) => column.below === true);
  const whole = fittedWidths(columns, rows, width);
  if (whole !== null)
    return [bold(headOf(columns, whole)), ...rows.map((row) => lineOf(columns, row, whole))];
  const narrow = below.length === 0 ? null : fittedWidths(beside, rows, width);
  if (narrow !== null)
    return [
      bold(headOf(beside, narrow)),
      ...rows.flatMap((row) => [
        lineOf(beside, row, narrow),
        cut(
          `${BELOW}${below
            .map(({ of }) => of(row))
            .filter(Boolean)
            .join(", ")}`,
          width,
        ),
      ]),
    ];
  const heads = Math.max(...columns.map(({ head }) => head.length));
  return rows.flatMap((row, i) => [
    ...(i === 0 ? [] : [""]),
    ...columns.flatMap(({ head, of, shrinks, below: isBelow }) => {
      const text = `${head.padEnd(heads)}${GAP}${of(row)}`;
      if (of(row) === "") return [];
      return [shrinks || isBelow ? cut(text, width) : text];
    }),
  ]);
}

const cut = (text: string, width: number | undefined): string =>
  width === undefined || text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

const headOf = <Row>(columns: readonly Column<Row>[], widths: readonly number[]): string =>
  joined(
    columns,
    columns.map(({ head }) => head),
    widths,
  );

const lineOf = <Row>(columns: readonly Column<Row>[], row: Row, widths: readonly number[]): string =>
  joined(
    columns,
    columns.map(({ of }) => of(row)),
    widths,
  );

const joined = (
  columns: readonly { readonly right?: boolean }[],
  texts: readonly string[],
  widths: readonly number[],
): string =>
  texts
    .map((text, i) => {
      const width = widths[i] ?? outOfRange();
      return columns[i]?.right ? cut(text, width).padStart(width) : cut(text, width).padEnd(width);
    })
    .join(GAP)
    .trimEnd();

/** The width of each column, shrinking the widest first; null if they do not fit. */
function fittedWidths<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  terminalWidth: number | undefined,
): readonly number[] | null {
  const widths = columns.map(({ head, of }) =>
    rows.reduce((most, row) => Math.max(most, of(row).length), head.length),
  );
  if (terminalWidth === undefined) return widths;
  const total = () => widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
  const shrinkable = () =>
    columns
      .flatMap(({ shrinks, head }, i) => {
        const width = widths[i] ?? outOfRange();
        return shrinks && width > Math.max(MIN_WIDTH, head.length) ? [{ i, width }] : [];
      })
      .toSorted((a, b) => b.width - a.width);
  for (let over = total() - terminalWidth; over > 0; over = total() - terminalWidth) {
    const [widest, next] = shrinkable();
    if (widest === undefined) return null;
    const least = Math.max(MIN_WIDTH, columns[widest.i]?.head.length ?? outOfRange());
    const even = next === undefined || next.width === widest.width ? widest.width - 1 : next.width;
    widths[widest.i] = Math.max(least, even, widest.width - over);
  }
  return widths;
}
