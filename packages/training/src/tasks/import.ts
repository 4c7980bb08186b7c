import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  HistoryFileError,
  type ReadOptions,
  readHistory,
  serviceIdsInLedger,
  understoodOf,
  withServiceIds,
} from "@mrdata/history";
import { comparePast, isDrillTitle, type PastIncident } from "@mrdata/incident";
import type { HistoryFile, HistoryFiles, Ledger } from "@mrdata/platform";
import { z } from "zod";
import { linesOf, rowsIn } from "../bytes.ts";
import type { TaskOutcome } from "../graph.ts";
import { resultName } from "../names.ts";
import { TrainingFailedError, type TrainingSpec } from "../spec.ts";
import { resultOr, type TaskIo } from "../task-io.ts";
import { incidentIn } from "./read.ts";

/** The ports of an import: the files, the accounts that are not persons, and the known service names. */
export type ImportIo = {
  readonly files: HistoryFiles;
  readonly identity: NonNullable<ReadOptions["identity"]>;
  readonly ledger: Pick<Ledger, "pastIncidents">;
};

/** A larger file does not fit into an instance's memory, gzipped or not. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;
export const MAX_FILE_ROWS = 500_000;

const head = z.object({
  /** Why the file is rejected, for people; null if it is not. */
  refused: z.string().nullable(),
  incidents: z.number().int(),
});
/** The incidents read from a file. */
export type ImportedFile = z.infer<typeof head> & { readonly rows: readonly PastIncident[] };

/** Reads the output of `importTask`. */
export function importedIn(bytes: Uint8Array): ImportedFile {
  const [first, ...rows] = rowsIn(bytes);
  return { ...head.parse(first), rows: rows.map(incidentIn) };
}

/** The name of an imported file's result: it depends on the generation, not on the job. */
export const importedName = ({ name, generation }: Pick<HistoryFile, "name" | "generation">): string =>
  resultName("file", [name, generation]);

/**
 * Reads a generation of a history file once, as `mrdata import --strict` does: whatever speaks against using it as it is
 * refuses all of it, with the sentence. Nothing of it enters the ledger. Rejects if the file cannot be fetched now.
 */
export async function importTask(
  { now, windowMs }: Pick<TrainingSpec, "now" | "windowMs">,
  file: HistoryFile,
  { results, imports }: Pick<TaskIo, "results" | "imports">,
): Promise<TaskOutcome> {
  const result = importedName(file);
  const bytes = await resultOr({ results }, result, async () => {
    if (imports === undefined)
      throw new TrainingFailedError(
        `there is no history bucket here to read ${file.name} from: set historyImport off, or on for 'learn' too`,
      );
    const read = await readFile(file, imports, { now, windowMs });
    return linesOf(
      typeof read === "string"
        ? [{ refused: read, incidents: 0 }]
        : [{ refused: null, incidents: read.length }, ...read],
    );
  });
  const [first] = rowsIn(bytes);
  return { result, file: head.parse(first) };
}

/** The incidents, or why the file is rejected. */
async function readFile(
  { name, generation, bytes: size }: HistoryFile,
  { files, identity, ledger }: ImportIo,
  { now, windowMs }: Pick<TrainingSpec, "now" | "windowMs">,
): Promise<readonly PastIncident[] | string> {
  if (size > MAX_FILE_BYTES)
    return `it has ${Math.ceil(size / 1024 / 1024)} MB, and ${MAX_FILE_BYTES / 1024 / 1024} are the most: cut it in parts`;
  const bytes = await files.read({ name, generation });
  if (bytes === null) return "it was written over or taken away before it was read";
  const folder = mkdtempSync(join(tmpdir(), "mrdata-import-"));
  try {
    const path = join(folder, "history");
    writeFileSync(path, bytes);
    const history = await readHistory([path], {
      strict: true,
      identity,
      now,
      progress(rows) {
        if (rows > MAX_FILE_ROWS)
          throw new HistoryFileError(
            `${path} has more than ${MAX_FILE_ROWS} rows, and so many are the most: cut it in parts`,
          );
      },
    });
    const incidents = withServiceIds(history.incidents, await serviceIdsInLedger(ledger, now));
    const future = incidents.find(
      ({ createdAt, resolvedAt }) => Math.max(createdAt, resolvedAt ?? createdAt) > now,
    );
    if (future !== undefined)
      return `incident ${future.id} is dated in the future: ${new Date(Math.max(future.createdAt, future.resolvedAt ?? 0)).toISOString()}`;
    if (incidents.length === 0) return "no incident can be read of it";
    const [warning] = understoodOf(history, incidents, { windowMs }).warnings;
    if (warning !== undefined) return warning;
    return incidents.filter(({ title }) => !isDrillTitle(title)).toSorted(comparePast);
  } catch (error) {
    // Errors name the file, not its temporary copy.
    if (error instanceof HistoryFileError) return error.message.replaceAll(join(folder, "history"), name);
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
