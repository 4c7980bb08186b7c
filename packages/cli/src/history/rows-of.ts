import { historyColumns } from "@mrdata/learning";
import { pageFields } from "@mrdata/pagerduty";
import { parse as parseCsv } from "csv-parse";
import { CommandError } from "../exit-codes.ts";
import { type Piece, splitJson } from "./split-json.ts";

/** A row of a file: an object as JSON or a table has it, or what is wrong with it. */
export type Row = { readonly line: number } & (
  | { readonly value: Readonly<Record<string, unknown>> }
  | { readonly problem: string }
);

/** So much of a file's beginning tells how it is written. */
const HEAD = 1 << 16;

/**
 * The rows of a text, JSON or a table, told by its beginning: an object a line, objects or pages of them in whatever
 * layout, or cells under a head line between commas, semicolons or tabs. Throws CommandError for neither.
 */
export async function* rowsOf(file: string, chunks: AsyncGenerator<string>): AsyncGenerator<Row> {
  let head = "";
  while (head.length < HEAD) {
    const { value, done } = await chunks.next();
    if (done) break;
    head += value;
  }
  head = head.replace(/^\ufeff/u, "");
  const whole = async function* () {
    yield head;
    yield* chunks;
  };
  if (head.trim() === "") return;
  switch (layoutOf(head)) {
    case "lines":
      return yield* parsed(linesIn(whole()));
    case "json":
      return yield* parsed(splitJson(whole(), pageFields));
    case "table":
      return yield* tableRows(whole(), head);
    case null:
      throw new CommandError(
        `${file} is neither JSON nor a table with a head line: see 'mrdata import --help' for what can be read`,
      );
  }
}

/** An object a line can be read on behind a broken line; other JSON cannot be told from lines by its first one alone. */
function layoutOf(head: string): "lines" | "json" | "table" | null {
  const lines = head.trimStart().split("\n");
  const [first = ""] = lines;
  const isWhole = (text: string) => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  };
  if (first.startsWith("[")) return "json";
  const isPage = (text: string) =>
    pageFields.some((field) =>
      new RegExp(`^\\s*\\{.*"${field}"\\s*:\\s*\\[`, "su").test(text.slice(0, HEAD)),
    );
  const wholeLine = lines.find((text) => text.trimStart().startsWith("{") && isWhole(text) !== undefined);
  if (wholeLine !== undefined) return isPage(wholeLine) ? "json" : "lines";
  if (first.startsWith("{")) return "json";
  return /[,;\t]/u.test(first) ? "table" : null;
}

async function* linesIn(chunks: AsyncIterable<string>): AsyncGenerator<Piece> {
  let rest = "";
  let line = 0;
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) yield { line: ++line, text };
  }
  yield { line: ++line, text: rest };
}

async function* parsed(pieces: AsyncIterable<Piece>): AsyncGenerator<Row> {
  for await (const { line, text } of pieces) {
    if (text.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      yield { line, problem: "it is not JSON" };
      continue;
    }
    yield isObject(value) ? { line, value } : { line, problem: "it is no object" };
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

async function* tableRows(chunks: AsyncIterable<string>, head: string): AsyncGenerator<Row> {
  const first = head.trimStart().split("\n")[0] ?? "";
  const count = (mark: string) => first.split(mark).length;
  const delimiter = [",", ";", "\t"].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
  const parser = parseCsv({
    delimiter,
    columns: (names: string[]) => names.map((name) => name.trim()),
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    bom: true,
  });
  const fed = (async () => {
    for await (const chunk of chunks)
      if (!parser.write(chunk)) await new Promise<void>((resolve) => parser.once("drain", resolve));
    parser.end();
  })();
  fed.catch((error: unknown) => parser.destroy(error instanceof Error ? error : new Error("cannot be read")));
  for await (const told of parser) {
    const { record, info }: { record: Record<string, string>; info: { lines: number; error?: Error } } = told;
    yield info.error === undefined
      ? { line: info.lines, value: cellsOf(record) }
      : { line: info.lines, problem: "it has another number of cells than the head line" };
  }
  await fed;
}

/** Cells are texts: what is written as a number is one, and `details` may be JSON. `details.site` is the detail `site`. */
function cellsOf(record: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const cells: Record<string, unknown> = {};
  const details: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(record)) {
    if (name === "details" && text.trimStart().startsWith("{")) Object.assign(details, jsonOr(text));
    else if (name.startsWith("details.")) details[name.slice("details.".length)] = cellValue(text);
    else cells[name] = texts.has(name) ? text : cellValue(text);
  }
  return Object.keys(details).length === 0 ? cells : { ...cells, details };
}

/** Of our own columns these are texts, whatever they look like. */
const texts: ReadonlySet<string> = new Set(Object.keys(historyColumns));

const jsonOr = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
};

/** `007` is no number but a name. */
function cellValue(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u.test(text) && Number.isFinite(Number(text))
    ? Number(text)
    : text;
}
