import { comparePast, knownAt, type PastIncident, wasMerged } from "@mrdata/incident";
import {
  blocksOf,
  detailsChosen,
  effectColumn,
  labelledRows,
  learntNameColumn,
  MIN_INCIDENTS,
  TABLE_WINDOWS,
  titleWordsOf,
} from "@mrdata/learning";
import { z } from "zod";
import { bytesOf, jsonOf, linesOf, rowsIn } from "../bytes.ts";
import { chooseRows } from "../chosen-rows.ts";
import type { TaskOutcome } from "../graph.ts";
import { contentName, resultName } from "../names.ts";
import { byService } from "../partitions.ts";
import { placesByPartition } from "../places.ts";
import { readHeads } from "../read-heads.ts";
import { partNames, partsByPartition, readRows } from "../read-rows.ts";
import type { SortedHeads } from "../sorted-heads.ts";
import { learningOptions, TrainingFailedError, type TrainingSpec } from "../spec.ts";
import { resultOf, resultOr, type TaskIo } from "../task-io.ts";
import { incidentIn, jsonIn, type ReadIncident, type ReadResult, readResult } from "./read.ts";

const column = z.object({ name: z.string(), reason: z.string() });
export const drawResult = z.object({
  /** The numbers of rows that are learnt from, of merged ones, and of all incidents that feed the track records. */
  rows: z.number().int(),
  /** The rows including merged ones, which are rows only for shorter hold windows. */
  whole: z.number().int(),
  merged: z.number().int(),
  incidents: z.number().int(),
  /** The most incidents drawn per service. */
  perService: z.number().int(),
  /** In the order of choice, so that a version's files are byte-identical. */
  details: z.object({
    names: z.literal(true).optional(),
    effects: z.literal(true).optional(),
    learnt: z.literal(true).optional(),
    numbers: z.array(z.string()),
    texts: z.array(z.string()),
  }),
  columnsLeftOut: z.array(column),
  columnsKept: z.array(column),
  /** Alternative hold windows to evaluate, seconds. */
  windows: z.array(z.number()),
  /** Separate results: all drawn incidents in order, and the indices of those that are learnt from. */
  drawn: z.string(),
  own: z.string(),
  /** For the rows that are learnt from: labels, whether they are unknown, and when each became known. */
  labels: z.string(),
  censored: z.string(),
  knownAt: z.string(),
  /** The hashed words of their titles, with each title's offset. */
  titleWords: z.object({ starts: z.string(), places: z.string() }),
  /** For all drawn incidents: the joint score of each incident's values when it opened. Null if not used. */
  effects: z.string().nullable(),
  /** The rate of each incident's learnt name when it opened. Null if not used. */
  learnt: z.string().nullable().default(null),
  blocks: z.array(
    z.object({
      start: z.number().int(),
      end: z.number().int(),
      /** When the block begins, milliseconds since the epoch. */
      moment: z.number(),
      /** The block's own part of the seed. */
      place: z.number(),
      scored: z.boolean(),
    }),
  ),
  /** By partition: for each of its incidents, in `byService` order, the row (−1 for none) and the organisation's counts (hour, day, week). */
  places: z.array(z.tuple([z.number().int(), z.string()])),
  /** By partition: its parts, in reading order. */
  parts: z.array(z.tuple([z.number().int(), z.array(z.string())])),
});
export type DrawResult = z.infer<typeof drawResult>;

/**
 * Decides which incidents become rows, in which order, which details are used, and the labels. Rejects
 * with TrainingFailedError for a history that is too short.
 */
export async function drawTask(
  spec: TrainingSpec,
  reads: readonly TaskOutcome[],
  io: TaskIo,
): Promise<TaskOutcome> {
  const read: ReadResult[] = [];
  for (const { result } of reads) read.push(readResult.parse(jsonIn(await resultOf(io, result))));
  const inputs = read.flatMap(({ heads, parts }) => [heads, ...parts.map(([, part]) => part)]);
  const { windowMs, refits, seed, trees, keepColumns, maxRows, features, windows: tries } = spec;
  const { schema } = spec;
  const parameters = {
    schema,
    windowMs,
    refits,
    seed,
    trees,
    keepColumns,
    maxRows,
    features,
    windows: tries,
  };
  const name = resultName("draw", inputs, parameters);
  const bytes = await resultOr(io, name, async () => jsonOf(await draw(spec, read, io)));
  const { places, blocks, windows } = drawResult.parse(jsonIn(bytes));
  const partitions = places.map(([partition]) => partition);
  return { result: name, partitions, blocks: blocks.length, windows };
}

async function draw(spec: TrainingSpec, read: readonly ReadResult[], io: TaskIo): Promise<DrawResult> {
  const { heads, pages } = await readHeads(read, io);
  const { rowOf, rows, perService, merged } = chooseRows(heads, spec);
  const parts = partsByPartition(read);
  const places = await writtenPlaces(heads, rowOf, io);
  const incidents = await readRows({ heads, pages, parts, rowOf, rows }, io);
  return {
    ...(await toLearn(spec, incidents, io)),
    ...{ incidents: heads.count, perService, places, merged },
    parts: places.map(([partition]) => [partition, partNames(parts, partition)]),
  };
}

/** The incidents of parts, in order of `byService`. */
export async function incidentsOf(names: readonly string[], io: TaskIo): Promise<readonly ReadIncident[]> {
  const incidents: ReadIncident[] = [];
  for (const name of names)
    for (const row of rowsIn(await resultOf(io, name))) incidents.push(incidentIn(row));
  return byService(incidents, comparePast);
}

async function toLearn(spec: TrainingSpec, whole: readonly ReadIncident[], io: TaskIo) {
  const { windowMs, refits, windows } = spec;
  const own = Int32Array.from(whole.keys()).filter((i) => isRow(whole[i], windowMs));
  const rows = labelledRows({ incidents: whole, columns: [] }, windowMs);
  const { incidents } = rows;
  const apart = apartOf(whole);
  const blocks = blocksOf(rows, refits);
  assertEnoughOwn(incidents, blocks, apart);
  const { details, columnsLeftOut, columnsKept } = chosenDetails(incidents, learningOptions(spec));
  const known = Float64Array.from(incidents, (incident) => knownAt(incident, windowMs));
  const words = titleWordsOf(incidents);
  const others = windows ? TABLE_WINDOWS.filter((window) => window !== windowMs) : [];
  return {
    rows: incidents.length,
    whole: whole.length,
    windows: others.map((windowMs) => windowMs / 1000),
    details: {
      ...(details.names === true ? { names: true as const } : {}),
      ...(details.effects === true ? { effects: true as const } : {}),
      ...(details.learnt === true ? { learnt: true as const } : {}),
      numbers: [...details.numbers],
      texts: [...details.texts],
    },
    columnsLeftOut: [...columnsLeftOut],
    columnsKept: [...columnsKept],
    drawn: await written("drawn", linesOf(whole), io),
    own: await written("own", bytesOf(own), io),
    labels: await written("labels", Uint8Array.from(rows.labels), io),
    censored: await written("censored", Uint8Array.from(rows.censored), io),
    knownAt: await written("known", bytesOf(known), io),
    titleWords: {
      starts: await written("word-starts", bytesOf(words.starts), io),
      places: await written("word-places", Uint8Array.from(words.places), io),
    },
    effects:
      details.effects === true
        ? await written("effects", bytesOf(effectColumn(whole, windowMs, details.texts)), io)
        : null,
    learnt:
      details.learnt === true
        ? await written("learnt", bytesOf(learntNameColumn(whole, windowMs)), io)
        : null,
    blocks: blocks.map(({ start, end, place, scored }) => ({
      start,
      end,
      place,
      scored,
      moment: momentOf(incidents, start),
    })),
  };
}

/** The ids of incidents from files that nobody has accepted: they are trained on, but no certificate counts them. */
export const apartOf = (rows: readonly ReadIncident[]): ReadonlySet<string> =>
  new Set(rows.flatMap(({ id, byFile }) => (byFile === true ? [id] : [])));

/** The minimum number of scored incidents: the scored share of the history that a backtest needs. */
const MIN_SCORED = 0.4 * MIN_INCIDENTS;

/** Throws TrainingFailedError if too few incidents are the bot's own: they could not support a certificate. */
function assertEnoughOwn(
  incidents: readonly PastIncident[],
  blocks: ReturnType<typeof blocksOf>,
  apart: ReadonlySet<string>,
): void {
  if (apart.size === 0) return;
  const own = (rows: readonly PastIncident[]) => rows.filter(({ id }) => !apart.has(id)).length;
  const scored = blocks.filter((block) => block.scored);
  const [all, late] = [
    own(incidents),
    scored.reduce((sum, { start, end }) => sum + own(incidents.slice(start, end)), 0),
  ];
  if (all >= MIN_INCIDENTS && late >= MIN_SCORED) return;
  throw new TrainingFailedError(
    `of ${incidents.length} incidents to learn from ${apart.size} came by files that nobody has accepted, and the other ${all} (${late} of the newest part) are too few to promise anything by: 'mrdata jobs accept' where you trust the files`,
  );
}

const isRow = (incident: PastIncident | undefined, windowMs: number): boolean =>
  incident !== undefined && !wasMerged(incident, windowMs);

function momentOf(incidents: readonly PastIncident[], start: number): number {
  const first = incidents[start];
  if (first === undefined)
    throw new RangeError(`there is no incident ${start} that a block could begin with`);
  return first.createdAt;
}

function chosenDetails(incidents: readonly PastIncident[], options: ReturnType<typeof learningOptions>) {
  try {
    return detailsChosen(incidents, options);
  } catch (error) {
    if (error instanceof RangeError) throw new TrainingFailedError(error.message);
    throw error;
  }
}

async function writtenPlaces(
  heads: SortedHeads,
  rowOf: Int32Array,
  io: TaskIo,
): Promise<DrawResult["places"]> {
  const places: [number, string][] = [];
  for (const { partition, numbers } of placesByPartition(heads, rowOf))
    places.push([partition, await written("places", bytesOf(numbers), io)]);
  return places;
}

async function written(kind: string, bytes: Uint8Array, io: TaskIo): Promise<string> {
  const name = contentName(kind, bytes);
  await io.results.write(name, bytes);
  return name;
}
