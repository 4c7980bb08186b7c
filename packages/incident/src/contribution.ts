import { isDrill } from "./drill.ts";
import { type Outcome, type OutcomeRules, outcomeOf } from "./outcome.ts";
import { openingOf, type Timeline } from "./timeline.ts";

/**
 * What one incident adds to a track record: integers only, so that adding and subtracting are exact. They are stored in
 * this order; new counts are appended.
 */
export const countNames = [
  "opened",
  "closed",
  "self-resolved",
  "needed-human",
  "unknown",
  "merged",
  "timed-out",
  /** Acknowledged by a person. */
  "acknowledged",
  /** Self-resolved without any action by a person: a late acknowledgement subtracts it again. */
  "untouched",
  /** Sum of 1000 · ln(1 + seconds from opening to closing), rounded, over closed incidents. */
  "log-seconds",
] as const;

export type CountName = (typeof countNames)[number];
export type Counts = readonly number[];

/** The position of each count in `Counts`. */
export const countSlots: Readonly<Record<CountName, number>> = {
  opened: 0,
  closed: 1,
  "self-resolved": 2,
  "needed-human": 3,
  unknown: 4,
  merged: 5,
  "timed-out": 6,
  acknowledged: 7,
  untouched: 8,
  "log-seconds": 9,
};

/**
 * One count, by name, of a track record's cell or of a contribution; 0 where an older record does not have it. Where a
 * list holds several cells' counts, this cell's start at `from`.
 * @example
 * ```ts
 * countOf([3, 2, 1], "closed"); // => 2
 * countOf([3, 2, 1], "merged"); // => 0
 * ```
 */
export const countOf = (counts: Counts, name: CountName, from = 0): number =>
  counts[from + countSlots[name]] ?? 0;

/** How many of a cell's incidents have an outcome; the cell's counts start at `from`. */
export const decidedOf = (counts: Counts, from = 0): number =>
  countOf(counts, "self-resolved", from) +
  countOf(counts, "needed-human", from) +
  countOf(counts, "unknown", from) +
  countOf(counts, "merged", from) +
  countOf(counts, "timed-out", from);

export type Contribution = {
  /** Milliseconds since the epoch: determines which minute, hour and day the counts belong to. */
  readonly openedAt: number;
  readonly counts: Counts;
  /** The title at its opening: records of coarse names count by finer name. */
  readonly title: string;
};

/**
 * The contribution of an incident according to its events so far; null while its `triggered` is missing, and for a
 * drill. An outcome counts only once an event has decided it: an incident that merely ages is judged when the record is
 * read (see `cellsOf`), because no event may arrive for hours.
 * @example
 * ```ts
 * import { countOf, eventsOf } from "@mrdata/incident";
 * const past = { id: "P1", service: "PDB", title: "Disk full", urgency: "high", details: {}, createdAt: 0,
 *   resolvedAt: 120_000, resolvedBy: "integration", acknowledgedAt: null, takenOverAt: null, mergedInto: null };
 * const { openedAt, counts } = contributionOf(eventsOf(past), { windowMs: 300_000 });
 * openedAt; // => 0
 * [countOf(counts, "opened"), countOf(counts, "self-resolved"), countOf(counts, "merged")]; // => [1, 1, 0]
 * ```
 */
export function contributionOf(timeline: Timeline, rules: OutcomeRules): Contribution | null {
  const opening = openingOf(timeline);
  const last = timeline.at(-1);
  if (opening === undefined || last === undefined || isDrill(timeline)) return null;
  const decided = outcomeOf(timeline, rules, last.occurredAt);
  const closing = closingTime(timeline);
  const byPerson = timeline.some((event) => event.actor === "human");
  const counts = new Array<number>(countNames.length).fill(0);
  const add = (name: CountName, value: number) => {
    counts[countSlots[name]] = value;
  };
  add("opened", 1);
  if (closing !== null) {
    add("closed", 1);
    add("log-seconds", Math.round(1000 * Math.log1p(Math.max(0, closing - opening.occurredAt) / 1000)));
  }
  if (decided !== null) add(decided.outcome satisfies Outcome, 1);
  if (timeline.some((event) => event.type === "acknowledged" && event.actor === "human"))
    add("acknowledged", 1);
  if (decided?.outcome === "self-resolved" && !byPerson) add("untouched", 1);
  return { openedAt: opening.occurredAt, counts, title: opening.snapshot?.title ?? "" };
}

/** When the incident was finally closed, according to its events so far; null while it is open. */
export function closingTime(timeline: Timeline): number | null {
  let closing: number | null = null;
  for (const event of timeline) {
    if (event.type === "resolved") closing ??= event.occurredAt;
    else if (event.type === "reopened") closing = null;
  }
  return closing;
}
