import { fnv1a64 } from "@mrdata/incident";

const DAY = 86_400_000;

/**
 * The past predictions in two parts: those for choosing learner and calibration, and those that certify a threshold.
 */
export type PartsOfPast<Row> = { readonly choosing: readonly Row[]; readonly certifying: readonly Row[] };

/**
 * If fewer rows than this are older than the certifying ones, a third of the younger ones, drawn by id, is used for
 * choosing too.
 */
const ENOUGH_CHOOSING = 300;
const EVERY = 3;

/** Drawn by a hash, because a history may have a rhythm of its own; FNV mixes well after a second round. */
const chooses = (id: string): boolean =>
  Number.parseInt(fnv1a64(fnv1a64(`choosing ${id}`)).slice(-8), 16) % EVERY === 0;

/**
 * Splits the past in order of opening: rows opened in the last `days` certify, and everything before them is used for
 * choosing. While too little is older, a third of the younger rows chooses instead of certifying, and a row that opened
 * while that was so keeps its role: with more history it would otherwise certify what it has chosen. Rows used for
 * choosing must not certify: a learner picked for its luck on these rows looks better on them than it is (arXiv
 * 2503.16809). A row's role depends on times, counts and ids alone, never on how an incident ended; later rows never
 * turn a choosing row into a certifying one as long as `days` stays the same.
 */
export function partsOfPast<Row extends { readonly id: string; readonly openedAt: number }>(
  past: readonly Row[],
  { days }: { readonly days: number },
): PartsOfPast<Row> {
  const sorted = past.toSorted((a, b) => a.openedAt - b.openedAt);
  const since = (sorted.at(-1)?.openedAt ?? 0) - days * DAY;
  const choosing: Row[] = [];
  const certifying: Row[] = [];
  // How many rows were older than the certifying ones when this one opened.
  let older = 0;
  for (const row of sorted) {
    while ((sorted[older]?.openedAt ?? Number.POSITIVE_INFINITY) < row.openedAt - days * DAY) older++;
    if (row.openedAt < since || (older < ENOUGH_CHOOSING && chooses(row.id))) choosing.push(row);
    else certifying.push(row);
  }
  return { choosing, certifying };
}
