// A process of its own, so that its memory is its own: task `draw` over a history of so many incidents, whose pages are made as they are
// read. What is written is counted and dropped, as it goes to a bucket.

import { historyAtHand } from "@mrdata/training";
import { jsonOf, linesOf } from "../../packages/training/src/bytes.ts";
import { partitionOf } from "../../packages/training/src/partitions.ts";
import { drawTask } from "../../packages/training/src/tasks/draw.ts";
import type { ReadHead, ReadIncident } from "../../packages/training/src/tasks/read.ts";
import { largeIncident, READ, serviceOf } from "./large-history.ts";
import { specFor } from "./spec-for.ts";

const count = Number(process.argv[2]);
const pages = Math.ceil(count / READ);
/** The last fiftieth came by file. */
const filesFrom = Math.floor(count * 0.98);
const how = { count, filesFrom };
const byFile = (i: number) => (i < filesFrom ? {} : { byFile: true as const });
let making = 0;
let written = 0;
let drawn: Uint8Array | null = null;

const partitions = new Map<string, number>();
/** By incident: the partition of its service. */
const partitionAt = new Uint8Array(count).map((_, i) => {
  const service = serviceOf(i);
  const known = partitions.get(service) ?? partitionOf(service);
  partitions.set(service, known);
  return known;
});

function* indicesOf(page: number): Generator<number> {
  for (let i = page * READ; i < Math.min(count, (page + 1) * READ); i++) yield i;
}

function* headsOf(page: number): Generator<ReadHead> {
  for (const i of indicesOf(page)) {
    const { id, createdAt, service } = largeIncident(i, how);
    yield { id, createdAt, service, merged: false, ...byFile(i) };
  }
}

function* partOf(page: number, partition: number): Generator<ReadIncident> {
  for (const i of indicesOf(page))
    if (partitionAt[i] === partition) yield { ...largeIncident(i, how), ...byFile(i) };
}

function made(name: string): Uint8Array | null {
  const [kind, page = "", partition = ""] = name.split("-");
  if (kind === "heads") return linesOf(headsOf(Number(page)));
  if (kind === "part") return linesOf(partOf(Number(page), Number(partition)));
  if (kind !== "read") return null;
  const own = new Set(partitionAt.subarray(Number(page) * READ, (Number(page) + 1) * READ));
  const parts = [...own].toSorted((a, b) => a - b).map((one) => [one, `part-${page}-${one}`]);
  return jsonOf({ heads: `heads-${page}`, parts, next: null });
}

/** Processor time of all threads, seconds: what others do to the machine meanwhile is not in it. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const results = {
  async read(name: string) {
    const from = processorSeconds();
    const bytes = made(name);
    making += processorSeconds() - from;
    return bytes;
  },
  async write(name: string, bytes: Uint8Array) {
    written += bytes.byteLength;
    if (name.startsWith("draw-")) drawn = bytes;
    return true;
  },
};
const reads = Array.from({ length: pages }, (_, page) => ({ result: `read-${page}` }));
const spec = specFor(largeIncident(filesFrom - 1, how).createdAt, true);
const from = processorSeconds();
await drawTask(spec, reads, { results, history: historyAtHand([]) });
const seconds = processorSeconds() - from - making;
const { rows, incidents, perService } = JSON.parse(Buffer.from(drawn ?? new Uint8Array()).toString());
process.stdout.write(
  `${JSON.stringify({ seconds, rows, incidents, perService, written, memory: 1024 * process.resourceUsage().maxRSS })}\n`,
);
