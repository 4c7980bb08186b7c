import { outOfRange } from "@mrdata/base";
import type { NightIncident } from "./play-night.ts";

/** One way of paging, in figures, over one night. */
export type NightFigures = {
  readonly way: string;
  readonly incidents: number;
  /** Kept from people at first. */
  readonly held: number;
  /** Of which a person was told, sooner or later. */
  readonly paged: number;
  /** Those of them that were not kept back, and those that were. */
  readonly pagedAtOnce: number;
  readonly pagedLater: number;
  /** Held although they needed a human: somebody was paged late. */
  readonly misses: number;
  /** Minutes that pages came later than the incident, summed. */
  readonly minutesOfDelay: number;
  /** Incidents that nobody was woken for. */
  readonly pagesSpared: number;
};

/** Counts a night. `isHeld` says which incidents were kept from people at first. */
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

const columns: readonly { readonly title: string; readonly of: (figures: NightFigures) => string }[] = [
  { title: "", of: ({ way }) => way },
  { title: "incidents", of: ({ incidents }) => String(incidents) },
  { title: "held", of: ({ held }) => String(held) },
  { title: "paged at once", of: ({ pagedAtOnce }) => String(pagedAtOnce) },
  { title: "held, then paged", of: ({ pagedLater }) => String(pagedLater) },
  { title: "misses", of: ({ misses }) => String(misses) },
  { title: "minutes of delay", of: ({ minutesOfDelay }) => minutesOfDelay.toFixed(1) },
  { title: "night pages spared", of: ({ pagesSpared }) => String(pagesSpared) },
];

/** The figures as lines of text, a row for each way. */
export function tableOf(rows: readonly NightFigures[]): readonly string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ of }) => of(row)))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
  return cells.map((line) =>
    line
      .map((cell, i) =>
        i === 0 ? cell.padEnd(widths[i] ?? outOfRange()) : cell.padStart(widths[i] ?? outOfRange()),
      )
      .join("  ")
      .trimEnd(),
  );
}
