import { outOfRange } from "@mrdata/base";
import type { MemberCounts } from "@mrdata/incident";

/** The minimum number of finer names, and of outcomes for each, before a family says anything about another member. */
export const MIN_MEMBERS = 10;
export const MIN_OUTCOMES = 3;
/** How rarely a new member may be below its lower bound. */
export const NEW_MEMBER_DELTA = 0.05;

/** The counts of one alarm: informative incidents, and those that resolved themselves. */
export type Seen = { readonly outcomes: number; readonly selfResolved: number };

/**
 * The usable counts of a family. An open incident counts as not self-resolved, merged ones are ignored; members with
 * fewer than `MIN_OUTCOMES` outcomes are left out, as are those counted only in part because a full record dropped them
 * between opening and end.
 */
export const seenOfMembers = (members: Iterable<MemberCounts>): readonly Seen[] =>
  [...members].flatMap(([opened, selfResolved, merged, decided]) => {
    const outcomes = opened - merged;
    return decided - merged < MIN_OUTCOMES || selfResolved > outcomes ? [] : [{ outcomes, selfResolved }];
  });

const MEANS = [0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.99, 0.997];
const CONCENTRATIONS = [0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256];
/** With more outcomes than this the share is enough: the sums below take time proportional to the count. */
const MAX_OUTCOMES = 300;
/**
 * A grid in log odds, to resolve shares near 0 and 1: a family that always resolved itself has nearly all its weight
 * there.
 */
const STEP = 0.1;
const FARTHEST = 12;
const COUNT_OF_POINTS = (2 * FARTHEST) / STEP + 1;
const odds = Float64Array.from({ length: COUNT_OF_POINTS }, (_, i) => i * STEP - FARTHEST);
const shares = odds.map((one) => 1 / (1 + Math.exp(-one)));
const logYes = odds.map((one) => -Math.log1p(Math.exp(-one)));
const logNo = odds.map((one) => -Math.log1p(Math.exp(one)));

const capped = ({ outcomes, selfResolved }: Seen): Seen =>
  outcomes <= MAX_OUTCOMES
    ? { outcomes, selfResolved }
    : {
        outcomes: MAX_OUTCOMES,
        selfResolved: Math.round((MAX_OUTCOMES * selfResolved) / outcomes),
      };

/** log (x)(x + 1) … (x + n − 1), for every n up to `MAX_OUTCOMES`. */
function risingLogs(x: number): Float64Array {
  const sums = new Float64Array(MAX_OUTCOMES + 1);
  for (let i = 0; i < MAX_OUTCOMES; i++) sums[i + 1] = (sums[i] ?? outOfRange()) + Math.log(x + i);
  return sums;
}

/** A candidate beta distribution of the members' rates, with precomputed terms of the outcomes' likelihood. */
type Candidate = {
  readonly a: number;
  readonly b: number;
  readonly yes: Float64Array;
  readonly no: Float64Array;
  readonly all: Float64Array;
};

let made: readonly Candidate[] | null = null;

/** The grid, created on first use: it is the same for every family. */
function candidates(): readonly Candidate[] {
  made ??= MEANS.flatMap((mean) =>
    CONCENTRATIONS.map((concentration) => {
      const [a, b] = [mean * concentration, (1 - mean) * concentration];
      return { a, b, yes: risingLogs(a), no: risingLogs(b), all: risingLogs(concentration) };
    }),
  );
  return made;
}

const logOf = ({ yes, no, all }: Candidate, { outcomes, selfResolved }: Seen): number =>
  (yes[selfResolved] ?? outOfRange()) +
  (no[outcomes - selfResolved] ?? outOfRange()) -
  (all[outcomes] ?? outOfRange());

/** Points this much less likely than the most likely one do not visibly affect the bound. */
const MIN_WEIGHT = 1e-9;

/**
 * The lower bound, at `NEW_MEMBER_DELTA`, of the self-resolve rate of one more member of a family, whose own counts are
 * `own`. The members' rates are modelled as drawn from a beta distribution of which only the counts are known
 * (beta-binomial, Skellam 1948); mean and concentration are averaged over a grid. Where the members are similar the
 * bound is near their rate, where they differ it is near the lowest of them. From 0 to 1.
 */
export function newMemberLowerBound(members: readonly Seen[], own: Seen): number {
  const seen = members.map(capped);
  const mine = capped(own);
  const grid = candidates();
  const logWeights = Float64Array.from(grid, (candidate) =>
    seen.reduce((sum, one) => sum + logOf(candidate, one), logOf(candidate, mine)),
  );
  const largest = Math.max(...logWeights);
  const mass = new Float64Array(COUNT_OF_POINTS);
  const density = new Float64Array(COUNT_OF_POINTS);
  for (const [i, { a, b }] of grid.entries()) {
    const weight = Math.exp((logWeights[i] ?? outOfRange()) - largest);
    if (weight < MIN_WEIGHT) continue;
    const sum = betaOverPoints(a + mine.selfResolved, b + mine.outcomes - mine.selfResolved, density);
    for (let place = 0; place < COUNT_OF_POINTS; place++)
      mass[place] = (mass[place] ?? outOfRange()) + weight * ((density[place] ?? outOfRange()) / sum);
  }
  let total = 0;
  for (const one of mass) total += one;
  let below = 0;
  for (const [i, share] of shares.entries()) {
    below += (mass[i] ?? outOfRange()) / total;
    if (below > NEW_MEMBER_DELTA) return share;
  }
  return 1;
}

/**
 * A beta distribution over the points, its tails collected in the first and the last: fills `density`, a shared array
 * because this runs a hundred times per bound, and returns its sum.
 */
function betaOverPoints(a: number, b: number, density: Float64Array): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < COUNT_OF_POINTS; i++) {
    const log = a * (logYes[i] ?? outOfRange()) + b * (logNo[i] ?? outOfRange());
    density[i] = log;
    if (log > top) top = log;
  }
  const last = COUNT_OF_POINTS - 1;
  let sum = 0;
  for (let i = 0; i < COUNT_OF_POINTS; i++) {
    let one = STEP * Math.exp((density[i] ?? outOfRange()) - top);
    if (i === 0) one *= 1 + 1 / (a * STEP);
    if (i === last) one *= 1 + 1 / (b * STEP);
    density[i] = one;
    sum += one;
  }
  return sum;
}
