import { type Column, tableLines } from "../table.ts";
import type { NightIncident } from "./play-night.ts";

/** The figures of one way of paging over one night. */
export type NightFigures = {
  readonly way: string;
  readonly incidents: number;
  /** Initially held back from people. */
  readonly held: number;
  /** A person was notified, sooner or later. */
  readonly paged: number;
  /** Of these, paged immediately, and paged after a hold. */
  readonly pagedAtOnce: number;
  readonly pagedLater: number;
  /** Held although they needed a human: the page came late. */
  readonly misses: number;
  /** Total minutes between incidents and their pages. */
  readonly minutesOfDelay: number;
  /** Incidents for which nobody was paged. */
  readonly pagesSpared: number;
};

/** Computes the figures of a night. `isHeld` says which incidents were initially held back. */
export function figuresOf(
  way: string,
  night: readonly NightIncident[],
  isHeld: (incident: string) => boolean,
): NightFigures {
  const held = night.filter(({ incident }) => isHeld(incident));
  const paged = night.flatMap(({ pagedAt, openedAt }) => (pagedAt === null ? [] : [pagedAt - openedAt]));
  const delay = paged.reduce((sum, late) => sum + late, 0);
  return {
    way,
    incidents: night.length,
    held: held.length,
    paged: paged.length,
    pagedAtOnce: night.filter(({ incident, pagedAt }) => pagedAt !== null && !isHeld(incident)).length,
    pagedLater: held.filter(({ pagedAt }) => pagedAt !== null).length,
    misses: held.filter(({ outcome }) => outcome === "needed-human").length,
    minutesOfDelay: Math.round(delay / 6_000) / 10,
    pagesSpared: night.length - paged.length,
  };
}

const columns: readonly Column<NightFigures>[] = [
  { head: "", of: ({ way }) => way },
  { head: "incidents", right: true, of: ({ incidents }) => String(incidents) },
  { head: "held", right: true, of: ({ held }) => String(held) },
  { head: "paged at once", right: true, of: ({ pagedAtOnce }) => String(pagedAtOnce) },
  { head: "held, then paged", right: true, of: ({ pagedLater }) => String(pagedLater) },
  { head: "misses", right: true, of: ({ misses }) => String(misses) },
  { head: "minutes of delay", right: true, of: ({ minutesOfDelay }) => minutesOfDelay.toFixed(1) },
  { head: "night pages spared", right: true, of: ({ pagesSpared }) => String(pagesSpared) },
];

/** The figures as a table, a row for each way of paging. */
export const tableOf = (rows: readonly NightFigures[]): readonly string[] =>
  tableLines(columns, rows, { bold: (text) => text });
