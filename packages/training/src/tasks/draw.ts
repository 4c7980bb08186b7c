import { outOfRange } from "@mrdata/base";
import { comparePast, knownAt, type PastIncident, wasMerged } from "@mrdata/incident";
import {
  blocksOf,
  detailsChosen,
  effectColumn,
  labelledRows,
  learntNameColumn,
  MIN_INCIDENTS,
  organisationCounts,
  TABLE_WINDOWS,
  titleWordsOf,
} from "@mrdata/learning";
import { z } from "zod";
import { bytesOf, jsonOf, linesOf, rowsIn } from "../bytes.ts";
import { limitPerService } from "../drawn.ts";
import type { TaskOutcome } from "../graph.ts";
import { contentName, resultName } from "../names.ts";
import { byService, PARTITIONS, partitionOf } from "../partitions.ts";
import { learningOptions, TrainingFailedError, type TrainingSpec } from "../spec.ts";
import { resultOf, resultOr, type TaskIo } from "../task-io.ts";
import { jsonIn, type ReadHead, type ReadIncident, type ReadResult, readResult } from "./read.ts";

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

/** The number of values per incident in `places`. */
export const PER_PLACE = 4;

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
  const asRead: ReadHead[] = [];
  for (const { heads } of read) for (const row of rowsIn(await resultOf(io, heads))) asRead.push(headIn(row));
  const heads = asRead.toSorted(compareHeads);
  const { rowOf, perService } = chooseRows(heads, spec);
  // Incidents that the bot saw live had no knowledge of imported files.
  const live = heads.filter(({ byFile }) => byFile !== true);
  const [counts, liveCounts] = [organisationCounts(heads), organisationCounts(live)];
  const placeOf = new Map(heads.map((head, place) => [head, place] as const));
  const livePlaceOf = new Map(live.map((head, place) => [head, place] as const));

  const incidents: ReadIncident[] = [];
  const places: [number, string][] = [];
  const parts: [number, string[]][] = [];
  const byPartition = Map.groupBy(asRead, ({ service }) => partitionOf(service));
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const own = byPartition.get(partition);
    if (own === undefined) continue;
    const ordered = byService(own, compareHeads);
    const names = read.flatMap(({ parts: all }) =>
      all.flatMap(([p, part]) => (p === partition ? [part] : [])),
    );
    const partIncidents = await incidentsOf(names, io);
    const numbers = new Int32Array(PER_PLACE * ordered.length);
    let rows = 0;
    for (const [i, head] of ordered.entries()) {
      const row = rowOf.get(head);
      const livePlace = livePlaceOf.get(head);
      const { hour, day, week } =
        livePlace === undefined ? counts(placeOf.get(head) ?? outOfRange()) : liveCounts(livePlace);
      numbers.set([row ?? -1, hour, day, week], PER_PLACE * i);
      const incident = partIncidents[i];
      if (row === undefined || incident === undefined) continue;
      incidents[row] = incident;
      rows++;
    }
    if (rows === 0) continue;
    places.push([partition, await written("places", bytesOf(numbers), io)]);
    parts.push([partition, names]);
  }
  return {
    ...(await toLearn(spec, incidents, io)),
    ...{ incidents: heads.length, perService, places, parts },
    merged: heads.filter(({ merged }) => merged).length,
  };
}

/** The incidents of parts, in order of `byService`. */
export async function incidentsOf(names: readonly string[], io: TaskIo): Promise<readonly ReadIncident[]> {
  const incidents: ReadIncident[] = [];
  for (const name of names)
    for (const row of rowsIn(await resultOf(io, name))) incidents.push(incidentIn(row));
  return byService(incidents, comparePast);
}

/** Unchecked, because it was written by `read` under the hash of its content. */
const incidentShape = z.custom<ReadIncident>(
  (value) => typeof value === "object" && value !== null && "createdAt" in value,
);
export const incidentIn = (row: unknown): ReadIncident => incidentShape.parse(row);
const headShape = z.custom<ReadHead>(
  (value) => typeof value === "object" && value !== null && "merged" in value,
);
const headIn = (row: unknown): ReadHead => headShape.parse(row);

/** Like `comparePast`, which uses only these fields. */
const compareHeads = (a: ReadHead, b: ReadHead): number =>
  a.createdAt - b.createdAt ||
  Number(b.numericId ?? false) - Number(a.numericId ?? false) ||
  (a.numericId ? Number(a.id) - Number(b.id) : a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * The newest incidents of each service, in order of opening. Merged ones are rows only for shorter hold windows, and are included
 * if such windows are evaluated and all rows fit.
 */
function chooseRows(heads: readonly ReadHead[], { maxRows, windows }: TrainingSpec) {
  const withMerged = windows && heads.length <= maxRows;
  const left = new Map<string, number>();
  for (const { service, merged } of heads) if (!merged) left.set(service, (left.get(service) ?? 0) + 1);
  const perService = limitPerService([...left.values()], maxRows);
  const rowOf = new Map<ReadHead, number>();
  for (const head of heads) {
    if (head.merged) {
      if (withMerged) rowOf.set(head, rowOf.size);
      continue;
    }
    const after = left.get(head.service) ?? outOfRange();
    left.set(head.service, after - 1);
    if (after <= perService) rowOf.set(head, rowOf.size);
  }
  return { rowOf, perService };
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
    windows: others.map((window) => window / 1000),
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

async function written(kind: string, bytes: Uint8Array, io: TaskIo): Promise<string> {
  const name = contentName(kind, bytes);
  await io.results.write(name, bytes);
  return name;
}
