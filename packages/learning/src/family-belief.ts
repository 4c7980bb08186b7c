import { outOfRange } from "@mrdata/base";
import type { MemberCounts } from "@mrdata/incident";

/** So many finer names with so many outcomes each a family needs before it says anything of another. */
export const MIN_MEMBERS = 10;
export const MIN_OUTCOMES = 3;
/** How seldom a new member may be below its lower bound. */
export const NEW_MEMBER_DELTA = 0.05;

/** What was seen of one alarm: incidents that say something, and those that resolved themselves. */
export type Seen = { readonly outcomes: number; readonly selfResolved: number };

/**
 * What a family's counts say. What is open counts as not self-resolved, what was merged says nothing; those with fewer
 * than `MIN_OUTCOMES` outcomes are left out, and those that are counted in part, for they left a full record between opening and end.
 */
export const seenOfMembers = (members: Iterable<MemberCounts>): readonly Seen[] =>
  [...members].flatMap(([opened, selfResolved, merged, decided]) => {
    const outcomes = opened - merged;
    return decided - merged < MIN_OUTCOMES || selfResolved > outcomes ? [] : [{ outcomes, selfResolved }];
  });

const MEANS = [0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.99, 0.997];
const CONCENTRATIONS = [0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256];
/** Of more outcomes than that the share says all: the sums below take time with their number. */
const MAX_OUTCOMES = 300;
/** Log odds, so that shares near 0 and 1 are told apart: a family that always healed has nearly all its weight there. */
const STEP = 0.1;
const FARTHEST = 12;
const points = Array.from({ length: (2 * FARTHEST) / STEP + 1 }, (_, i) => {
  const odds = i * STEP - FARTHEST;
  return {
    share: 1 / (1 + Math.exp(-odds)),
    yes: -Math.log1p(Math.exp(-odds)),
    no: -Math.log1p(Math.exp(odds)),
  };
});

const capped = ({ outcomes, selfResolved }: Seen): Seen =>
  outcomes <= MAX_OUTCOMES
    ? { outcomes, selfResolved }
    : {
        outcomes: MAX_OUTCOMES,
        selfResolved: Math.round((MAX_OUTCOMES * selfResolved) / outcomes),
      };

/** log (x)(x + 1) … (x + n − 1), for every n up to `most`. */
function risingLogs(x: number, most: number): Float64Array {
  const sums = new Float64Array(most + 1);
  for (let i = 0; i < most; i++) sums[i + 1] = (sums[i] ?? outOfRange()) + Math.log(x + i);
  return sums;
}

/**
 * The lower bound, at `NEW_MEMBER_DELTA`, of the self-resolve rate of one more member of a family, of which `own` was
 * seen. Rates of the members are thought of as drawn from a beta distribution of which nothing is known but what they
 * show (beta-binomial, Skellam 1948); mean and concentration are averaged over a grid. Where the members are alike the
 * bound is near their rate, where they differ it is near the lowest of them. From 0 to 1.
 */
export function newMemberLowerBound(members: readonly Seen[], own: Seen): number {
  const seen = members.map(capped);
  const mine = capped(own);
  const most = Math.max(mine.outcomes, ...seen.map(({ outcomes }) => outcomes));
  const cells = MEANS.flatMap((mean) =>
    CONCENTRATIONS.map((concentration) => {
      const [a, b] = [mean * concentration, (1 - mean) * concentration];
      const [yes, no, all] = [risingLogs(a, most), risingLogs(b, most), risingLogs(concentration, most)];
      const logOf = ({ outcomes, selfResolved }: Seen) =>
        (yes[selfResolved] ?? outOfRange()) +
        (no[outcomes - selfResolved] ?? outOfRange()) -
        (all[outcomes] ?? outOfRange());
      const logWeight = seen.reduce((sum, one) => sum + logOf(one), logOf(mine));
      return { a: a + mine.selfResolved, b: b + mine.outcomes - mine.selfResolved, logWeight };
    }),
  );
  const largest = Math.max(...cells.map(({ logWeight }) => logWeight));
  const mass = new Float64Array(points.length);
  for (const { a, b, logWeight } of cells) {
    const weight = Math.exp(logWeight - largest);
    if (weight < 1e-9) continue;
    const density = betaOverPoints(a, b);
    for (const [i, one] of density.entries()) mass[i] = (mass[i] ?? outOfRange()) + weight * one;
  }
  const total = mass.reduce((sum, one) => sum + one, 0);
  let below = 0;
  for (const [i, { share }] of points.entries()) {
    below += (mass[i] ?? outOfRange()) / total;
    if (below > NEW_MEMBER_DELTA) return share;
  }
  return 1;
}

/** A beta distribution over the points, its tails beyond them on the first and the last; its sum is 1. */
function betaOverPoints(a: number, b: number): Float64Array {
  const logs = points.map(({ yes, no }) => a * yes + b * no);
  const top = Math.max(...logs);
  const density = Float64Array.from(logs, (log) => STEP * Math.exp(log - top));
  density[0] = (density[0] ?? outOfRange()) * (1 + 1 / (a * STEP));
  density[points.length - 1] = (density[points.length - 1] ?? outOfRange()) * (1 + 1 / (b * STEP));
  const sum = density.reduce((total, one) => total + one, 0);
  return density.map((one) => one / sum);
}
