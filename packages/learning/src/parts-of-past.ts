import { fnv1a64 } from "@mrdata/incident";

const DAY = 86_400_000;

/** The past predictions in two parts: those that choose learner and calibration, and those that certify a threshold. */
export type PartsOfPast<Row> = { readonly choosing: readonly Row[]; readonly certifying: readonly Row[] };

/** Where fewer than so many rows are older than what certifies, a third of the younger ones, drawn by id, chooses too. */
const ENOUGH_CHOOSING = 300;
const EVERY = 3;

/** Drawn by a hash, for a history may have a rhythm of its own; FNV mixes well after a second round. */
const chooses = (id: string): boolean =>
  Number.parseInt(fnv1a64(fnv1a64(`choosing ${id}`)).slice(-8), 16) % EVERY === 0;

/**
 * Splits the past in order of opening: what opened in the last `days` of it certifies, and everything
 * before it chooses. Where too little is older, a third of the younger rows chooses in place of certifying, and of a row that
 * opened while that was so it stays so: with more history it would certify what it has chosen. What
 * chose must not certify: a learner that was picked for its luck on the very rows looks better on them than it is (arXiv
 * 2503.16809). Which row goes where depends on times, counts and ids alone, never on how an incident ended; rows that come later
 * make none certify that chose before, as long as `days` stays.
 */
export function partsOfPast<Row extends { readonly id: string; readonly openedAt: number }>(
  past: readonly Row[],
  { days }: { readonly days: number },
): PartsOfPast<Row> {
  const sorted = past.toSorted((a, b) => a.openedAt - b.openedAt);
  const since = (sorted.at(-1)?.openedAt ?? 0) - days * DAY;
  const choosing: Row[] = [];
  const certifying: Row[] = [];
  // How many rows are older than what certified when this one opened.
  let older = 0;
  for (const row of sorted) {
    while ((sorted[older]?.openedAt ?? Number.POSITIVE_INFINITY) < row.openedAt - days * DAY) older++;
    if (row.openedAt < since || (older < ENOUGH_CHOOSING && chooses(row.id))) choosing.push(row);
    else certifying.push(row);
  }
  return { choosing, certifying };
}
