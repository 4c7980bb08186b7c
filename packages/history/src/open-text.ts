import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { HistoryFileError } from "./history-file-error.ts";

/** Supported encodings, by their names in the Encoding Standard. */
export const encodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252", "iso-8859-15"] as const;
export type TextEncodingName = (typeof encodings)[number];

/**
 * Streams the text of a file, or of standard input for `-`, decompressing gzip by content rather than name. Throws HistoryFileError for a
 * file that cannot be read or changes meanwhile, and for bytes invalid in the encoding: a guessed letter would stay in a title for ever.
 */
export async function* openText(file: string, encoding: TextEncodingName = "utf-8"): AsyncGenerator<string> {
  try {
    yield* decoded(file, encoding);
  } catch (error) {
    if (error instanceof HistoryFileError) throw error;
    throw new HistoryFileError(`${file} cannot be read: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const code = "code" in error ? error.code : undefined;
  if (code === "EISDIR") return "it is a folder: name the files in it";
  if (code === "ENOENT") return "there is no such file";
  if (code === "Z_BUF_ERROR")
    return "its gzipped content ends too early: the file was cut off, so copy or download it again";
  return error.message;
}

async function* decoded(file: string, encoding: TextEncodingName): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  for await (const bytes of await plain(file, encoding)) {
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: true });
    } catch {
      throw new HistoryFileError(notText(file, encoding, line, bytes));
    }
    line += encoding === "utf-8" ? newlinesIn(bytes) : 0;
    if (text !== "") yield text;
  }
  let rest: string;
  try {
    rest = decoder.decode();
  } catch {
    throw new HistoryFileError(
      `${file} ends inside of a letter: it was cut off, or is no ${encoding.toUpperCase()}`,
    );
  }
  if (rest !== "") yield rest;
}

const NEWLINE = 10;

function newlinesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}

/** The message for bytes invalid in the encoding: where they are, and what to do. */
function notText(file: string, encoding: TextEncodingName, line: number, bytes: Uint8Array): string {
  const upper = encoding.toUpperCase();
  if (encoding !== "utf-8") return `${file} is no ${upper}`;
  let at = 0;
  const strict = new TextDecoder("utf-8", { fatal: true });
  for (let from = 0; from < bytes.length; ) {
    const next = bytes.indexOf(NEWLINE, from);
    const end = next < 0 ? bytes.length : next;
    try {
      strict.decode(bytes.subarray(from, end));
    } catch {
      return `${file}, line ${line + at} is no ${upper}: it reads "${excerpt(bytes.subarray(from, end))}" as Windows-1252; save the file as UTF-8, or say what it is with --encoding windows-1252`;
    }
    at++;
    from = end + 1;
  }
  return `${file} is no ${upper}: save it as UTF-8, or say what it is with --encoding`;
}

/** The text around the first byte that is not ASCII. */
function excerpt(bytes: Uint8Array): string {
  const first = bytes.findIndex((byte) => byte > 127);
  const around = bytes.subarray(Math.max(0, first - 15), first + 15);
  return new TextDecoder("windows-1252").decode(around).replace(/\p{Cc}/gu, " ");
}

/** Magic numbers of binary formats, with a description. */
const binaryFormats: readonly (readonly [begins: string, what: string])[] = [
  ["504b0304", "a ZIP archive, as Excel's workbooks are: unpack it, or save the sheet as CSV"],
  ["d0cf11e0", "an old Excel workbook: save the sheet as CSV"],
  ["25504446", "a PDF"],
  ["28b52ffd", "compressed with zstd: unpack it, only gzip is read as it is"],
  ["fd377a58", "compressed with xz: unpack it, only gzip is read as it is"],
  ["425a68", "compressed with bzip2: unpack it, only gzip is read as it is"],
  ["50415231", "a Parquet file: write it as CSV or JSON"],
  ["53514c697465", "an SQLite database: export its table as CSV"],
];

/** Bytes at the beginning that are checked for binary content. */
const CHECKED_BYTES = 4096;

function assertText(file: string, head: Uint8Array, encoding: TextEncodingName): void {
  if (encoding.startsWith("utf-16")) return;
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    throw new HistoryFileError(
      `${file} is UTF-16: save it as UTF-8, or say so with --encoding ${head[0] === 0xff ? "utf-16le" : "utf-16be"}`,
    );
  const begins = Buffer.from(head.subarray(0, 8)).toString("hex");
  const other = binaryFormats.find(([bytes]) => begins.startsWith(bytes));
  if (other !== undefined) throw new HistoryFileError(`${file} is ${other[1]}`);
  const zero = head.subarray(0, CHECKED_BYTES).indexOf(0);
  if (zero >= 0)
    throw new HistoryFileError(
      `${file} is no text: its byte ${zero + 1} is 0, as in programs, archives and UTF-16 (--encoding ${zero % 2 === 0 ? "utf-16be" : "utf-16le"})`,
    );
}

async function plain(file: string, encoding: TextEncodingName): Promise<AsyncIterable<Uint8Array>> {
  const source = file === "-" ? bytesOf(process.stdin) : wholeFile(file);
  const bytes = source[Symbol.asyncIterator]();
  const first = await bytes.next();
  const head: Uint8Array = first.done ? new Uint8Array() : first.value;
  const whole = async function* () {
    try {
      if (head.length > 0) yield head;
      for (let next = await bytes.next(); !next.done; next = await bytes.next()) yield next.value;
    } finally {
      await bytes.return(undefined);
    }
  };
  if (head[0] !== 0x1f || head[1] !== 0x8b) return asserted(whole());
  return asserted(gunzipped(whole()));

  async function* asserted(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let isFirst = true;
    for await (const piece of pieces) {
      if (isFirst) assertText(file, piece, encoding);
      isFirst = false;
      yield piece;
    }
  }
}

/** Reads a file of unchanged size and time; throws HistoryFileError if it is modified meanwhile, as it would be incomplete. */
async function* wholeFile(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file, "r");
  try {
    const before = await handle.stat();
    if (before.isDirectory()) throw Object.assign(new Error("is a folder"), { code: "EISDIR" });
    if (!before.isFile()) return yield* bytesOf(createReadStream(file, { highWaterMark: CHUNK }));
    yield* readHandle(handle, before.size);
    const after = await handle.stat();
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs)
      throw new HistoryFileError(
        `${file} was written to while it was read, and nothing of it was taken: wait until it is complete`,
      );
  } finally {
    await handle.close();
  }
}

const CHUNK = 1 << 18;

async function* readHandle(handle: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; ) {
    const bytes = new Uint8Array(Math.min(CHUNK, size - at));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
    if (bytesRead === 0) return;
    yield bytes.subarray(0, bytesRead);
    at += bytesRead;
  }
}

async function* bytesOf(source: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

async function* gunzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const feeding = (async () => {
    for await (const chunk of bytes)
      if (!gunzip.write(chunk)) await new Promise<void>((resolve) => gunzip.once("drain", resolve));
    gunzip.end();
  })();
  feeding.catch((error: unknown) =>
    gunzip.destroy(error instanceof Error ? error : new Error("cannot be read")),
  );
  for await (const chunk of gunzip) yield chunk;
  await feeding;
}
