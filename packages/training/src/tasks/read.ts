import { type PastIncident, wasMerged } from "@mrdata/incident";
import { z } from "zod";
import { jsonOf, linesOf } from "../bytes.ts";
import type { TaskOutcome } from "../graph.ts";
import { type ReadCursor, readCursor, START } from "../history-source.ts";
import { contentName, resultName } from "../names.ts";
import { partitionOf } from "../partitions.ts";
import type { TrainingSpec } from "../spec.ts";
import { resultOf, resultOr, type TaskIo } from "../task-io.ts";

/** So many incidents are read by one task: at a thousand a second it has done within five minutes. */
export const READ_INCIDENTS = 50_000;

export const readResult = z.object({
  /** The incidents, by partition, each part a result of its own. */
  parts: z.array(z.tuple([z.number().int(), z.string()])),
  /** Where each stands and whether it is a row: a result of its own. */
  heads: z.string(),
  next: readCursor.nullable(),
});
export type ReadResult = z.infer<typeof readResult>;

/** What of an incident decides whether and where it becomes a row. */
export type ReadHead = Pick<PastIncident, "id" | "numericId" | "createdAt" | "service"> & {
  readonly merged: boolean;
};

/**
 * Reads a page of the history and writes it down once: what the ledger hears later does not change it. `job` names the
 * reading, for a ledger is another from moment to moment; everything after it goes by content.
 */
export async function readTask(
  { job, spec }: { readonly job: string; readonly spec: TrainingSpec },
  before: TaskOutcome | undefined,
  io: TaskIo,
): Promise<TaskOutcome> {
  const from: ReadCursor | null =
    before === undefined ? START : readResult.parse(jsonIn(await resultOf(io, before.result))).next;
  if (from === null) throw new Error("the history was read to its end already");
  const name = resultName("read", [job], [from, spec.windowMs]);
  const bytes = await resultOr(io, name, async () => {
    const { incidents, next } = await io.history.page(from, { limit: READ_INCIDENTS, now: spec.now });
    const parts = await partsOf(incidents, io);
    const heads = linesOf(incidents.map((one) => headOf(one, spec.windowMs)));
    const read: ReadResult = { parts, heads: contentName("heads", heads), next };
    await io.results.write(read.heads, heads);
    return jsonOf(read);
  });
  return { result: name, more: readResult.parse(jsonIn(bytes)).next !== null };
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

const headOf = (incident: PastIncident, windowMs: number): ReadHead => {
  const { id, numericId, createdAt, service } = incident;
  const merged = wasMerged(incident, windowMs);
  return { id, createdAt, service, merged, ...(numericId === undefined ? {} : { numericId }) };
};

export const jsonIn = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString("utf8"));
