import { pageNames } from "./formats/index.ts";
import { HistoryFileError } from "./history-file-error.ts";
import { MAX_ROW_LENGTH, type Piece, splitJson } from "./split-json.ts";
import { type HeadLine, headLineIn, tableRows } from "./table-rows.ts";

/** A row of a file: an object as JSON or a table has it, or what is wrong with it. */
export type Row = { readonly line: number } & (
  | { readonly value: Readonly<Record<string, unknown>>; readonly isTable?: true }
  | { readonly problem: string }
);

export type RowsOptions = {
  /** Words of headings beside those that are known: of columns that were named. */
  readonly headings?: ReadonlySet<string>;
  /** Told what whoever reads the rows should know of the file. */
  readonly remark?: (sentence: string) => void;
};

/** So much of a file's beginning tells how it is written. */
const HEAD = 1 << 16;
/** Fields of one row: no export has as many. */
const MAX_FIELDS = 5_000;

/**
 * The rows of a text, JSON or a table, told by its beginning: an object a line, objects or pages of them in whatever
 * layout, or cells under a line of headings between commas, semicolons, tabs or bars. Throws HistoryFileError for neither,
 * and for a file that ends in the middle.
 */
export async function* rowsOf(
  file: string,
  chunks: AsyncGenerator<string>,
  options: RowsOptions = {},
): AsyncGenerator<Row> {
  try {
    yield* readRows(file, chunks, options);
  } finally {
    // Whoever stops in the middle leaves no file open.
    await chunks.return(undefined);
  }
}

async function* readRows(
  file: string,
  chunks: AsyncGenerator<string>,
  { headings = new Set(), remark = () => {} }: RowsOptions,
): AsyncGenerator<Row> {
  let head = "";
  while (head.length < HEAD) {
    const { value, done } = await chunks.next();
    if (done) break;
    head += value;
  }
  head = head.replace(/^\ufeff/u, "");
  if (head.trim() === "") throw new HistoryFileError(`${file} is empty`);
  const source = { last: "" };
  const whole = async function* () {
    for await (const chunk of [head]) yield chunk;
    source.last = head;
    for await (const chunk of chunks) {
      source.last = chunk;
      yield chunk;
    }
  };
  const endsWithNewline = () => /\n\s*$/u.test(source.last);
  const layout = layoutOf(head, headings);
  switch (layout) {
    case "lines":
      return yield* parsed(file, linesIn(file, whole(), endsWithNewline));
    case "json": {
      const last: { page: string | null } = { page: null };
      const pieces = splitJson(whole(), pageNames, (page) => {
        last.page = page;
      });
      yield* parsed(file, pieces);
      if (last.page !== null && hasMore(last.page))
        remark(`${file} is not all: its last page says that there is more`);
      return;
    }
    case null:
      throw new HistoryFileError(
        `${file} is neither JSON nor a table with a line of headings: see 'mrdata import --help' for what can be read`,
      );
    default:
      return yield* tableRows(file, whole(), layout, { headings, remark, endsWithNewline });
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const hasMore = (page: string): boolean => {
  const told = parse(page);
  return typeof told === "object" && told !== null && "more" in told && told.more === true;
};

/** An object a line can be read on behind a broken line; other JSON cannot be told from lines by its first one alone. */
function layoutOf(head: string, headings: ReadonlySet<string>): "lines" | "json" | HeadLine | null {
  const lines = head.trimStart().split("\n");
  const [first = ""] = lines;
  if (first.startsWith("[")) return parse(first) === undefined || lines.length === 1 ? jsonOrTable() : "json";
  const firstWhole = first.startsWith("{") && parse(first) !== undefined;
  if (!firstWhole && opensPage(head.trimStart())) return "json";
  const wholeLine = lines.find((text) => text.trimStart().startsWith("{") && parse(text) !== undefined);
  if (wholeLine !== undefined) return opensPage(wholeLine.trimStart()) ? "json" : "lines";
  if (first.startsWith("{")) return "json";
  return headLineIn(head, headings);

  /** A list begins with an object or a list; `[alert] host,…` is a table's heading. */
  function jsonOrTable(): "json" | HeadLine | null {
    return /^\[\s*(?:[[{\]]|$)/u.test(head.trimStart()) ? "json" : headLineIn(head, headings);
  }
}

/** True if a text begins with a page: an object that has a list of objects under one of the names of rows. */
function opensPage(text: string): boolean {
  if (!text.startsWith("{")) return false;
  let depth = 0;
  for (const { 0: part, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gsu)) {
    if (part === "{" || part === "[") {
      if (part === "[" && depth === 1) {
        const name = /"([^"\\]*)"\s*:\s*$/u.exec(text.slice(Math.max(0, index - 200), index))?.[1];
        if (
          name !== undefined &&
          pageNames.includes(name) &&
          /^\[\s*(?:[{\]]|$)/u.test(text.slice(index, index + 200))
        )
          return true;
      }
      depth++;
    } else if ((part === "}" || part === "]") && --depth === 0) return false;
  }
  return false;
}

async function* linesIn(
  file: string,
  chunks: AsyncIterable<string>,
  endsWithNewline: () => boolean,
): AsyncGenerator<Piece> {
  let rest = "";
  let line = 0;
  for await (const chunk of chunks) {
    if (chunk.includes("\n")) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const text of lines) yield { line: ++line, text };
    } else rest += chunk;
    if (rest.length > MAX_ROW_LENGTH)
      throw new HistoryFileError(
        `${file}, line ${line + 1} is longer than ${MAX_ROW_LENGTH} characters: no incident is`,
      );
  }
  const isCut = !endsWithNewline() && rest.trimStart().startsWith("{") && parse(rest) === undefined;
  yield { line: ++line, text: rest, ...(isCut ? { cutOff: true as const } : {}) };
}

async function* parsed(file: string, pieces: AsyncIterable<Piece>): AsyncGenerator<Row> {
  try {
    for await (const { line, text, cutOff } of pieces) {
      if (cutOff)
        throw new HistoryFileError(
          `${file} ends in the middle of what begins on line ${line}: it was cut off, or is broken there; nothing of it was taken`,
        );
      if (text.trim() === "") continue;
      const value = parse(text);
      if (value === undefined) yield { line, problem: "it is not JSON" };
      else if (!isObject(value)) yield { line, problem: "it is no object" };
      else if (Object.keys(value).length > MAX_FIELDS)
        yield { line, problem: `it has more than ${MAX_FIELDS} fields` };
      else yield { line, value };
    }
  } catch (error) {
    if (error instanceof RangeError) throw new HistoryFileError(`${file}, ${error.message}: no incident is`);
    throw error;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
