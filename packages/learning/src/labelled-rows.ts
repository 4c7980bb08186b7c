import {
  comparePast,
  isCensored,
  knownAt,
  type PastIncident,
  selfResolved,
  wasMerged,
} from "@mrdata/incident";
import type { Replay } from "./replay.ts";

/** The rows of a replay with their labels for one hold window. The arrays are in memory that threads may share. */
export type LabelledRows = Replay & {
  /** The hold window, milliseconds. */
  readonly windowMs: number;
  /** 1: it resolved itself inside the window. */
  readonly labels: Uint8Array;
  /** 1: the outcome without intervention is unknown. Its label is 0. */
  readonly censored: Uint8Array;
};

/** An incident merged inside the window updates the track records, as in live operation, and is no row. */
export function labelledRows(replay: Replay, windowMs: number): LabelledRows {
  const own = withoutMerged(replay, windowMs);
  const { incidents } = own;
  const flags = (isSo: (past: PastIncident, windowMs: number) => boolean): Uint8Array => {
    const made = new Uint8Array(new SharedArrayBuffer(incidents.length));
    for (const [i, incident] of incidents.entries()) made[i] = isSo(incident, windowMs) ? 1 : 0;
    return made;
  };
  return { ...own, windowMs, labels: flags(selfResolved), censored: flags(isCensored) };
}

function withoutMerged(replay: Replay, windowMs: number): Replay {
  const { incidents, columns } = replay;
  const rows = [...incidents.entries()].filter(([, incident]) => !wasMerged(incident, windowMs));
  if (rows.length === incidents.length) return replay;
  return {
    ...(replay.apart !== undefined && { apart: replay.apart }),
    incidents: rows.map(([, incident]) => incident),
    columns: columns.map((column) => {
      const kept = new Float32Array(new SharedArrayBuffer(Float32Array.BYTES_PER_ELEMENT * rows.length));
      for (const [place, [i]] of rows.entries()) kept[place] = column[i] ?? Number.NaN;
      return kept;
    }),
  };
}

/** A block of rows predicted by its own models: from `start` to before `end`. */
export type Block = {
  readonly start: number;
  readonly end: number;
  /** Rows whose label was known when it began. */
  readonly known: Int32Array;
  readonly scored: boolean;
  /** The part of the seed that is specific to the block. */
  readonly place: number;
};

const WARM_UP = 6;
/** The share of the history before the first scored incident. */
export const BEFORE = 0.6;

/** Warm-up and scored blocks of equal size, and for each the rows whose label was known when it began. */
export function blocksOf({ incidents, windowMs }: LabelledRows, refits: number): readonly Block[] {
  const n = incidents.length;
  const first = Math.floor(BEFORE * n);
  const bound = (k: number) => Math.max(1, first + Math.round((k * (n - first)) / refits));
  const known = incidents.map((incident) => knownAt(incident, windowMs));
  return Array.from({ length: WARM_UP + refits }, (_, i) => i - WARM_UP).flatMap((k) => {
    const [start, end] = [bound(k), bound(k + 1)];
    const moment = incidents[start]?.createdAt;
    if (end <= start || moment === undefined) return [];
    const rows = Int32Array.from(Array(start).keys()).filter((i) => (known[i] ?? moment + 1) <= moment);
    // Scored blocks are always kept; a warm-up block without known rows says nothing about the others.
    return rows.length === 0 && k < 0
      ? []
      : [{ start, end, known: rows, scored: k >= 0, place: k + WARM_UP }];
  });
}

/** The rows with a known label when the first scored one opened. */
export function beforeScored(incidents: readonly PastIncident[], windowMs: number): readonly PastIncident[] {
  const sorted = incidents.toSorted(comparePast);
  const start = Math.floor(BEFORE * sorted.length);
  const moment = sorted[start]?.createdAt ?? 0;
  return sorted.slice(0, start).filter((incident) => knownAt(incident, windowMs) <= moment);
}
