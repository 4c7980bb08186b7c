import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import type { PastIncident } from "@mrdata/incident";
import { readPastIncident } from "@mrdata/learning";
import { CommandError } from "../exit-codes.ts";

export type BadRow = { readonly line: number; readonly problem: string };
export type History = {
  readonly incidents: readonly PastIncident[];
  readonly bad: readonly BadRow[];
  /** Rows that told of an incident again: the last one stands. */
  readonly duplicates: number;
};

/**
 * Reads a history file, a JSON object a line, gzipped where its name ends in .gz. Bad rows are handed to `onBad` and
 * left out; with `strict` the first one is a CommandError that names its line.
 */
export async function readHistory(
  file: string,
  {
    strict = false,
    onBad = () => {},
  }: { readonly strict?: boolean; readonly onBad?: (row: BadRow) => void } = {},
): Promise<History> {
  const incidents = new Map<string, PastIncident>();
  const bad: BadRow[] = [];
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
      line++;
      if (text.trim() === "") continue;
      const read = readPastIncident(text);
      if ("problem" in read) {
        if (strict) throw new CommandError(`${file}, line ${line}: ${read.problem}`);
        bad.push({ line, problem: read.problem });
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
