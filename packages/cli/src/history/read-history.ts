import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import type { PastIncident } from "@mrdata/incident";
import { readPastIncident } from "@mrdata/learning";
import { CommandError } from "../exit-codes.ts";

export type BadRow = { readonly line: number; readonly problem: string };
export type History = {
  readonly incidents: readonly PastIncident[];
  /** Rows that could not be read and were left out. */
  readonly bad: number;
  /** Rows that told of an incident again: the last one stands. */
  readonly duplicates: number;
};

/** A row more often than this tells nothing new about progress. */
const TELL_EVERY = 5_000;

type ReadOptions = {
  readonly strict?: boolean;
  readonly onBad?: (row: BadRow) => void;
  /** Told every few thousand rows how many were read so far. */
  readonly progress?: (rows: number) => void;
};

/**
 * Reads a history file, a JSON object a line, gzipped where its name ends in .gz. Bad rows are handed to `onBad` and
 * left out; with `strict` the first one is a CommandError that names its line.
 */
export async function readHistory(
  file: string,
  { strict = false, onBad = () => {}, progress = () => {} }: ReadOptions = {},
): Promise<History> {
  const incidents = new Map<string, PastIncident>();
  let bad = 0;
  let duplicates = 0;
  let line = 0;
  const bytes = createReadStream(file);
  const input = file.endsWith(".gz") ? bytes.pipe(createGunzip()) : bytes;
  const failed = new Promise<never>((_, reject) => {
    bytes.once("error", reject);
    input.once("error", reject);
  });
  const reading = (async () => {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (++line % TELL_EVERY === 0) progress(line);
      if (text.trim() === "") continue;
      const read = readPastIncident(text);
      if ("problem" in read) {
        if (strict) throw new CommandError(`${file}, line ${line}: ${read.problem}`);
        bad++;
        onBad({ line, problem: read.problem });
        continue;
      }
      if (incidents.has(read.incident.id)) duplicates++;
      incidents.set(read.incident.id, read.incident);
    }
  })();
  try {
    await Promise.race([reading, failed]);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      `${file} cannot be read: ${error instanceof Error ? error.message : "unknown error"}`,
    );
  }
  return { incidents: [...incidents.values()], bad, duplicates };
}
