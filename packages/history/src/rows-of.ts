import { pageNames } from "./formats/index.ts";
import { HistoryFileError } from "./history-file-error.ts";
import { MAX_ROW_LENGTH, type Piece, splitJson } from "./split-json.ts";
import { type HeadLine, headLineIn, tableRows } from "./table-rows.ts";

/** A row of a file: an object from JSON or a table, or the problem with it. */
export type Row = { readonly line: number } & (
  | { readonly value: Readonly<Record<string, unknown>>; readonly isTable?: true }
  | { readonly problem: string }
);

export type RowsOptions = {
  /** Further known headings, normalised: those named by the caller. */
  readonly headings?: ReadonlySet<string>;
  /** Called with remarks about the file. */
  readonly remark?: (sentence: string) => void;
};

/** Characters at the beginning from which the layout is detected. */
const HEAD_LENGTH = 1 << 16;
/** Maximum number of fields in a row; no real export has that many. */
const MAX_FIELDS = 5_000;

/**
 * The rows of a text, whose layout is detected from its beginning: JSON lines, JSON objects or pages of them in any layout, or a table with
 * a header line and commas, semicolons, tabs or bars. Throws HistoryFileError for any other text, and for a truncated file.
 */
export async function* rowsOf(
  file: string,
  chunks: AsyncGenerator<string>,
  options: RowsOptions = {},
): AsyncGenerator<Row> {
  try {
    yield* readRows(file, chunks, options);
  } finally {
    // A consumer that stops early must not leave the file open.
    await chunks.return(undefined);
  }
}

async function* readRows(
  file: string,
  chunks: AsyncGenerator<string>,
  { headings = new Set(), remark = () => {} }: RowsOptions,
): AsyncGenerator<Row> {
  let head = "";
  while (head.length < HEAD_LENGTH) {
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
  const parsedPage = parse(page);
  return (
    typeof parsedPage === "object" && parsedPage !== null && "more" in parsedPage && parsedPage.more === true
  );
};

/** Detects the layout. JSON lines are recognised even if one line is broken; one line alone does not distinguish them from other JSON. */
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

  /** A JSON array begins with an object or an array; `[alert] host,…` is the header of a table. */
  function jsonOrTable(): "json" | HeadLine | null {
    return /^\[\s*(?:[[{\]]|$)/u.test(head.trimStart()) ? "json" : headLineIn(head, headings);
  }
}

/** True if a text begins with a page: an object with an array of objects under one of the row names. */
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
