import { outOfRange } from "@mrdata/base";
import { type PastIncident, wasMerged } from "@mrdata/incident";
import { z } from "zod";
import { jsonOf, linesOf } from "../bytes.ts";
import type { TaskOutcome } from "../graph.ts";
import { type HistoryPage, type ReadCursor, readCursor, START } from "../history-source.ts";
import { contentName, resultName } from "../names.ts";
import { partitionOf } from "../partitions.ts";
import type { TrainingSpec } from "../spec.ts";
import { resultOf, resultOr, type TaskIo } from "../task-io.ts";
import { importedIn } from "./import.ts";

/** Incidents per read task: at a thousand per second it takes less than five minutes. */
export const READ_INCIDENTS = 50_000;

export const readResult = z.object({
  /** The incidents by partition, each part a separate result. */
  parts: z.array(z.tuple([z.number().int(), z.string()])),
  /** The place of each incident and whether it is a row: a separate result. */
  heads: z.string(),
  next: readCursor.nullable(),
});
export type ReadResult = z.infer<typeof readResult>;

/** The fields of an incident that decide whether and where it becomes a row. */
export type ReadHead = Pick<PastIncident, "id" | "numericId" | "createdAt" | "service"> & {
  readonly merged: boolean;
  /** It came from a file that nobody has accepted. */
  readonly byFile?: true;
};

/** An incident as read. `byFile`: from a file that nobody has accepted. */
export type ReadIncident = PastIncident & { readonly byFile?: true };

/** Unchecked, because it was written by `read` under the hash of its content. */
const incidentShape = z.custom<ReadIncident>(
  (value) => typeof value === "object" && value !== null && "createdAt" in value,
);
export const incidentIn = (row: unknown): ReadIncident => incidentShape.parse(row);
const headShape = z.custom<ReadHead>(
  (value) => typeof value === "object" && value !== null && "merged" in value,
);
export const headIn = (row: unknown): ReadHead => headShape.parse(row);

/**
 * Reads a page of the history and stores it once, so that later changes of the ledger do not affect the job. The result is named by
 * `job`, because a ledger changes from moment to moment; all later results are named by content.
 */
export async function readTask(
  { job, spec }: { readonly job: string; readonly spec: TrainingSpec },
  {
    before,
    imported = [],
  }: { readonly before: TaskOutcome | undefined; readonly imported?: readonly string[] },
  io: TaskIo,
): Promise<TaskOutcome> {
  const from: ReadCursor | null =
    before === undefined ? START : readResult.parse(jsonIn(await resultOf(io, before.result))).next;
  if (from === null) throw new Error("the history was read to its end already");
  const name = resultName("read", [job], [from, spec.windowMs]);
  const bytes = await resultOr(io, name, async () => {
    const { incidents, next: further } =
      from.file === undefined
        ? await io.history.page(from, { limit: READ_INCIDENTS, now: spec.now })
        : await pageOfFile({ since: from.since, file: from.file }, imported, io);
    const isLastOfLedger = further === null && from.file === undefined;
    const next = isLastOfLedger && imported.length > 0 ? { since: 0, seen: [], file: 0 } : further;
    const parts = await partsOf(incidents, io);
    const heads = linesOf(incidents.map((one) => headOf(one, spec.windowMs)));
    const read: ReadResult = { parts, heads: contentName("heads", heads), next };
    await io.results.write(read.heads, heads);
    return jsonOf(read);
  });
  return { result: name, more: readResult.parse(jsonIn(bytes)).next !== null };
}

/**
 * A page of an imported file; `since` is an index into it. Incidents recorded live take precedence, and of two files with the
 * same incident the first does.
 */
async function pageOfFile(
  { since, file }: { readonly since: number; readonly file: number },
  imported: readonly string[],
  io: TaskIo,
): Promise<HistoryPage> {
  const seen = new Set<string>();
  for (const earlier of imported.slice(0, file))
    for (const { id } of importedIn(await resultOf(io, earlier)).rows) seen.add(id);
  const { rows } = importedIn(await resultOf(io, imported[file] ?? outOfRange()));
  const page = rows.slice(since, since + READ_INCIDENTS).filter(({ id }) => !seen.has(id));
  const known = await io.history.knownAmong(page.map(({ id }) => id));
  const incidents = page.flatMap((one): readonly ReadIncident[] =>
    known.has(one.id) ? [] : [{ ...one, byFile: true }],
  );
  const isLast = since + READ_INCIDENTS >= rows.length;
  if (!isLast) return { incidents, next: { since: since + READ_INCIDENTS, seen: [], file } };
  return { incidents, next: file + 1 < imported.length ? { since: 0, seen: [], file: file + 1 } : null };
}

async function partsOf(incidents: readonly PastIncident[], io: TaskIo): Promise<ReadResult["parts"]> {
  const byPartition = Map.groupBy(incidents, ({ service }) => partitionOf(service));
  const parts: [number, string][] = [];
  for (const [partition, own] of [...byPartition].sort(([a], [b]) => a - b)) {
    const bytes = linesOf(own);
    const name = contentName("part", bytes);
    await io.results.write(name, bytes);
    parts.push([partition, name]);
  }
  return parts;
}

const headOf = (incident: ReadIncident, windowMs: number): ReadHead => {
  const { id, numericId, createdAt, service, byFile } = incident;
  const merged = wasMerged(incident, windowMs);
  return {
    id,
    createdAt,
    service,
    merged,
    ...(numericId === undefined ? {} : { numericId }),
    ...(byFile === undefined ? {} : { byFile }),
  };
};

export const jsonIn = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString("utf8"));
