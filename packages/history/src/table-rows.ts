import { columnWords } from "@mrdata/learning";
import { CsvError, parse as parseCsv } from "csv-parse";
import { knownHeadings } from "./formats/index.ts";
import { HistoryFileError } from "./history-file-error.ts";
import { inUtc, plainHeadings } from "./plain-headings.ts";
import type { Row } from "./rows-of.ts";
import { MAX_ROW_LENGTH } from "./split-json.ts";

/** The position of the header line. */
export type HeadLine = {
  readonly delimiter: string;
  readonly before: number;
  /** Whether text precedes it, other than Excel's `sep=` line. */
  readonly isAfterText: boolean;
};

const delimiters = [",", ";", "\t", "|"] as const;
/** Lines searched for the header: reports begin with a few lines about themselves. */
const SEARCHED_LINES = 20;
/** Minimum number of known headings in a header line. */
const MIN_KNOWN = 2;
const MAX_COLUMNS = 5_000;

const cellsIn = (line: string, delimiter: string): readonly string[] =>
  line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/su, "$1"));

const isKnown = (words: string): boolean => knownHeadings.has(words);

const knownAmong = (cells: readonly string[], headings: ReadonlySet<string>): number => {
  const short = cells.filter((cell) => cell.length <= 100);
  return plainHeadings(short, isKnown, (words) => headings.has(words)).filter(({ name }) => {
    const words = columnWords(name);
    return knownHeadings.has(words) || headings.has(words);
  }).length;
};

/** The line with the most known headings, else the first line split by its most frequent delimiter; null for no table. */
export function headLineIn(head: string, headings: ReadonlySet<string>): HeadLine | null {
  const lines = head.split("\n", SEARCHED_LINES);
  const isAfterText = (before: number) =>
    lines.slice(0, before).some((line) => !/^\s*(?:sep=.)?\s*$/u.test(line));
  let best = { delimiter: ",", before: 0, known: 0 };
  for (const [before, line] of lines.entries())
    for (const delimiter of delimiters) {
      const cells = cellsIn(line, delimiter);
      const known = cells.length < 2 ? 0 : knownAmong(cells, headings);
      if (known > best.known) best = { delimiter: delimiter, before, known };
    }
  if (best.known >= MIN_KNOWN) return { ...best, isAfterText: isAfterText(best.before) };
  const before = Math.max(
    0,
    lines.findIndex((line) => line.trim() !== ""),
  );
  const first = lines[before] ?? "";
  const count = (mark: string) => first.split(mark).length;
  const delimiter = delimiters.reduce((most, mark) => (count(mark) > count(most) ? mark : most));
  return count(delimiter) > 1 ? { delimiter, before, isAfterText: false } : null;
}

export type TableOptions = {
  readonly headings: ReadonlySet<string>;
  readonly remark: (sentence: string) => void;
  /** Called after everything was read. */
  readonly endsWithNewline: () => boolean;
};

/**
 * The rows of a table, with all cells as texts. A column without a heading is left out: some tools write row numbers there. Throws
 * HistoryFileError for a second table in the file, and for a truncated one.
 */
export async function* tableRows(
  file: string,
  chunks: AsyncIterable<string>,
  { delimiter, before, isAfterText }: HeadLine,
  { headings, remark, endsWithNewline }: TableOptions,
): AsyncGenerator<Row> {
  let written: readonly string[] = [];
  let utc: readonly string[] = [];
  let columns = 0;
  const parser = parseCsv({
    delimiter,
    columns: (given: string[]) => {
      columns = given.length;
      if (columns > MAX_COLUMNS)
        throw new HistoryFileError(
          `${file} has ${columns} columns, more than the ${MAX_COLUMNS} that can be read`,
        );
      const read = plainHeadings(given, isKnown, (words) => headings.has(words));
      written = read.flatMap((one) => (one.written === "" ? [] : [one.written]));
      utc = read.flatMap(({ name, isUtc }) => (isUtc ? [name] : []));
      return read.map(({ name }) => (name === "" ? false : name));
    },
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    bom: true,
    max_record_size: MAX_ROW_LENGTH,
  });
  const fed = (async () => {
    for await (const chunk of withoutLines(chunks, before))
      if (!parser.write(chunk)) await new Promise<void>((resolve) => parser.once("drain", resolve));
    parser.end();
  })();
  fed.catch((error: unknown) => parser.destroy(error instanceof Error ? error : new Error("cannot be read")));
  if (isAfterText)
    remark(`${file}: the headings are on line ${before + 1}; what is before them was not read`);
  let short: number | null = null;
  let again = 0;
  let emptyLines = 0;
  try {
    for await (const parsed of parser) {
      const { record, info }: CsvRecord = parsed;
      const line = before + info.lines;
      const cells = Object.values(record);
      if (info.empty_lines > emptyLines && areNames(cells) && !cells.every((cell, i) => cell === written[i]))
        throw anotherTable(file, line, cells);
      emptyLines = info.empty_lines;
      if (isHeadings(cells, written, headings, info.error !== undefined)) {
        if (!cells.every((cell, i) => cell.trim() === written[i])) throw anotherTable(file, line, cells);
        again++;
        continue;
      }
      short = info.error !== undefined && cells.length < columns ? line : null;
      yield info.error === undefined
        ? { line, value: utc.length === 0 ? record : withUtc(record, utc), isTable: true }
        : { line, problem: `it has another number of cells than the ${columns} headings` };
    }
    await fed;
  } catch (error) {
    if (error instanceof CsvError) throw new HistoryFileError(`${file}, ${sentenceOf(error, before)}`);
    throw error;
  }
  if (short !== null && !endsWithNewline())
    throw new HistoryFileError(
      `${file} ends in the middle of line ${short}: it was cut off; nothing of it was taken`,
    );
  if (again > 0)
    remark(`${file}: its headings stand ${again} more times among the rows, and were passed over`);
}

type CsvRecord = {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number; readonly empty_lines: number; readonly error?: Error };
};

const anotherTable = (file: string, line: number, cells: readonly string[]) =>
  new HistoryFileError(
    `${file}, line ${line}: another table begins here (${cells.slice(0, 4).join(", ")}, …), and nothing was taken: put each table into a file of its own`,
  );

/** True for cells that look like headings, known or not: distinct names only. */
const areNames = (cells: readonly string[]): boolean =>
  cells.length > 1 &&
  new Set(cells).size === cells.length &&
  cells.every((cell) => /^\p{L}[\p{L} _#.()-]{0,39}$/u.test(cell.trim()));

function sentenceOf(error: CsvError, before: number): string {
  const line = "lines" in error && typeof error.lines === "number" ? ` ${before + error.lines}` : "";
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return `line${line}: a quotation mark is never closed: the file was cut off, or the mark is a stray one; nothing of it was taken`;
    case "CSV_MAX_RECORD_SIZE":
      return `line${line} is longer than ${MAX_ROW_LENGTH} characters: no incident is; a quotation mark may be missing`;
    default:
      return `line${line}: ${error.message}`;
  }
}

const withUtc = (record: CsvRecord["record"], columns: readonly string[]): CsvRecord["record"] => ({
  ...record,
  ...Object.fromEntries(columns.map((name) => [name, inUtc(record[name] ?? "")])),
});

/** True for a header line among the rows: a repetition, or that of another table. */
function isHeadings(
  cells: readonly string[],
  written: readonly string[],
  headings: ReadonlySet<string>,
  isOdd: boolean,
): boolean {
  const [first = ""] = cells;
  const again = first.trim() === written[0];
  if (!again && !isOdd && !/^[\p{L} _#.]{1,40}$/u.test(first)) return false;
  const nonEmpty = cells.filter((cell) => cell.trim() !== "");
  if (nonEmpty.length < MIN_KNOWN + 1 || nonEmpty.length < cells.length / 2) return false;
  return knownAmong(nonEmpty, headings) >= Math.max(MIN_KNOWN + 1, 0.6 * nonEmpty.length);
}

async function* withoutLines(chunks: AsyncIterable<string>, lines: number): AsyncGenerator<string> {
  let left = lines;
  for await (const chunk of chunks) {
    let from = 0;
    for (; left > 0; left--) {
      const end = chunk.indexOf("\n", from);
      if (end < 0) {
        from = chunk.length;
        break;
      }
      from = end + 1;
    }
    if (from < chunk.length) yield chunk.slice(from);
  }
}
