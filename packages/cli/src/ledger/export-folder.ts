import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import {
  collectionOf,
  type DocumentStore,
  documentsOf,
  type LedgerCollection,
  ledgerCollections,
  type TransferredDocument,
} from "@mrdata/platform";
import { z } from "zod";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** Written last: a folder without it is an incomplete export. */
const MANIFEST = "export.json";
const FORMAT = 1;
/** Lines written at a time. */
const LINES_PER_WRITE = 500;

const manifest = z.object({
  format: z.literal(FORMAT, { error: `is of a format that this version does not read: it reads ${FORMAT}` }),
  target: z.string(),
  at: z.string(),
  files: z.record(z.string(), z.object({ documents: z.number(), sha256: z.string() })),
});
export type ExportManifest = z.infer<typeof manifest>;

const line = z.object({ path: z.string(), data: z.record(z.string(), z.json()) });
const fileOf = (collection: LedgerCollection): string => `${collection}.ndjson`;

export type ExportOptions = {
  readonly target: string;
  readonly at: number;
  /** Called at intervals with the number of documents written. */
  readonly progress?: (documents: number) => void;
};

/** Writes a ledger into a new or empty folder: an NDJSON file for each collection, then the manifest. */
export async function writeExport(
  store: Pick<DocumentStore, "page">,
  folder: string,
  { target, at, progress }: ExportOptions,
): Promise<ExportManifest> {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new CommandError(`${folder} is not empty: name a new folder`, exitCodes.usage);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = new Map<
    string,
    { documents: number; hash: ReturnType<typeof createHash>; lines: string[] }
  >();
  const write = async (name: string): Promise<void> => {
    const file = files.get(name);
    if (file === undefined || file.lines.length === 0) return;
    const text = `${file.lines.splice(0).join("\n")}\n`;
    file.hash.update(text);
    await appendFile(join(folder, name), text, { mode: 0o600 });
  };
  let documents = 0;
  for await (const { collection, path, data } of documentsOf(store)) {
    documents++;
    if (documents % LINES_PER_WRITE === 0) progress?.(documents);
    const name = fileOf(collection);
    const file = files.get(name) ?? { documents: 0, hash: createHash("sha256"), lines: [] };
    files.set(name, file);
    file.documents++;
    file.lines.push(JSON.stringify({ path, data }));
    if (file.lines.length >= LINES_PER_WRITE) await write(name);
  }
  for (const name of files.keys()) await write(name);
  const written: ExportManifest = {
    format: FORMAT,
    target,
    at: new Date(at).toISOString(),
    files: Object.fromEntries(
      [...files].map(([name, { documents, hash }]) => [name, { documents, sha256: hash.digest("hex") }]),
    ),
  };
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(written, null, 2)}\n`, { mode: 0o600 });
  return written;
}

/** Tells an export from every other: what is in it, of which ledger, as of when. */
export const identityOf = (read: ExportManifest): string =>
  createHash("sha256").update(JSON.stringify(read)).digest("hex");

const FILES: ReadonlySet<string> = new Set([...ledgerCollections, "events" as const].map(fileOf));

/** Reads and verifies the manifest of an export. Throws CommandError for a folder that is no export, incomplete or modified. */
export async function readManifest(folder: string): Promise<ExportManifest> {
  const file = join(folder, MANIFEST);
  if (!existsSync(file))
    throw new CommandError(
      `${folder} has no ${MANIFEST}: it is no export of a ledger, or one that was broken off`,
      exitCodes.usage,
    );
  const read = manifest.safeParse(parsed(readFileSync(file, "utf8"), file));
  if (!read.success)
    throw new CommandError(
      `${file}: ${read.error.issues[0]?.path.join(".")} ${read.error.issues[0]?.message}`,
      exitCodes.usage,
    );
  for (const [name, { sha256 }] of Object.entries(read.data.files)) {
    if (!FILES.has(name))
      throw new CommandError(
        `${file}: names ${name}, which this version knows no collection for: import it with the version that exported it`,
        exitCodes.usage,
      );
    const path = join(folder, name);
    const hash = createHash("sha256");
    if (!existsSync(path)) throw new CommandError(`${path} is missing`, exitCodes.usage);
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    if (hash.digest("hex") !== sha256)
      throw new CommandError(
        `${path} is not what was exported: it was changed or cut short`,
        exitCodes.usage,
      );
  }
  return read.data;
}

/** Yields the documents of an export, incidents before their events. Throws CommandError with file and line. */
export async function* readExport(
  folder: string,
  { files }: ExportManifest,
): AsyncIterable<TransferredDocument> {
  for (const collection of [...ledgerCollections, "events"] as const) {
    const name = fileOf(collection);
    if (!Object.hasOwn(files, name)) continue;
    const file = join(folder, name);
    let number = 0;
    for await (const text of linesIn(createReadStream(file, "utf8"))) {
      number++;
      const where = `${file}, line ${number}`;
      const read = line.safeParse(parsed(text, where));
      if (!read.success || collectionOf(read.data.path) !== collection)
        throw new CommandError(
          `${where}: expected a document of ${collection}: {"path": …, "data": …}`,
          exitCodes.usage,
        );
      yield read.data;
    }
  }
}

/** Lines end with a line feed and nothing else: a title may contain what readline takes for an end, too (U+2028). */
async function* linesIn(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(`${where}: not JSON`, exitCodes.usage);
  }
}
