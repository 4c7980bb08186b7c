/** An incident that needed a human after its service was armed, and whether it was a miss, that is held. */
export type RealIncident = {
  readonly incident: string;
  /** When it opened, milliseconds since the epoch. */
  readonly openedAt: number;
  readonly missed: boolean;
};

/** The evidence (an e-value) for a miss rate above the budget: 1 means none, at `disarmsAt` the bot disarms itself. */
export type BudgetEvidence = {
  readonly evidence: number;
  readonly warnsAt: number;
  readonly disarmsAt: number;
  /** Incidents that needed a human since `since`, and how many of them were held. */
  readonly real: number;
  readonly misses: number;
  /** When the first of them opened, ISO 8601. */
  readonly since: string;
};

/**
 * Found by simulation (test/slow/miss-evidence.test.ts): at half the budget it is reached in about one year of a hundred,
 * at twice the budget after some sixty real incidents. A third of the way, in logarithms, warns.
 */
export const DISARMS_AT = 125;
export const WARNS_AT = Math.cbrt(DISARMS_AT);

/** Bet sizes as shares of the largest admissible one, from careful to bold. */
const BET_SIZES = Array.from({ length: 10 }, (_, i) => 0.05 + (0.4 / 9) * i);

/**
 * Tests "the miss rate is at most the budget" by betting against it. Each real incident multiplies the wealth by 1 + λ(x − budget),
 * where x is 1 for a miss (testing by betting: arXiv 2506.16416). Wealth below one restarts at one with every incident, so that
 * a good year does not buy a bad month (e-detectors: arXiv 2203.03532); the wealth of ten bet sizes is averaged.
 * Incidents are ordered by opening, then by id: the same incidents give the same evidence, however often and in whatever order
 * they are reported. Null before the first real incident, and for a budget that no miss rate can exceed.
 */
export const budgetEvidence = (trail: readonly RealIncident[], budget: number): BudgetEvidence | null =>
  evidenceOn(trail, budget)?.now ?? null;

/**
 * The highest value that the evidence reached on this trail; null as above. A sequential test stops at the first crossing, but outcomes
 * may arrive in bulk: evidence that has fallen again by then has crossed the limit all the same.
 */
export const highestEvidence = (trail: readonly RealIncident[], budget: number): number | null =>
  evidenceOn(trail, budget)?.highest ?? null;

type TrailEvidence = { readonly now: BudgetEvidence; readonly highest: number };

function evidenceOn(trail: readonly RealIncident[], budget: number): TrailEvidence | null {
  const cached = cache.get(trail);
  if (cached !== undefined && cached.budget === budget) return cached.evidence;
  const evidence = computeEvidence(trail, budget);
  cache.set(trail, { budget, evidence });
  return evidence;
}

/** The last result for a trail: the sweep evaluates the same trail every minute until something happens, and it may be long. */
const cache = new WeakMap<
  readonly RealIncident[],
  { readonly budget: number; readonly evidence: TrailEvidence | null }
>();

function computeEvidence(trail: readonly RealIncident[], budget: number): TrailEvidence | null {
  const [first, ...others] = inOrder(trail);
  if (first === undefined || !(budget > 0 && budget < 1)) return null;
  const wealth = BET_SIZES.map(() => 1);
  let [evidence, highest] = [1, 0];
  for (const { missed } of [first, ...others]) {
    for (const [i, betSize] of BET_SIZES.entries())
      wealth[i] = Math.max(1, wealth[i] ?? 1) * (1 + (betSize / budget) * ((missed ? 1 : 0) - budget));
    evidence = wealth.reduce((sum, one) => sum + one, 0) / wealth.length;
    highest = Math.max(highest, evidence);
  }
  const now = {
    evidence,
    warnsAt: WARNS_AT,
    disarmsAt: DISARMS_AT,
    real: 1 + others.length,
    misses: [first, ...others].filter(({ missed }) => missed).length,
    since: new Date(first.openedAt).toISOString(),
  };
  return { now, highest };
}

/** Sorted trails, cached for the same reason. */
const ordered = new WeakMap<readonly RealIncident[], readonly RealIncident[]>();

function inOrder(trail: readonly RealIncident[]): readonly RealIncident[] {
  const known = ordered.get(trail);
  if (known !== undefined) return known;
  const byId = new Map(trail.map((one) => [one.incident, one]));
  const inTime = [...byId.values()].sort(
    (a, b) => a.openedAt - b.openedAt || (a.incident < b.incident ? -1 : a.incident > b.incident ? 1 : 0),
  );
  ordered.set(trail, inTime);
  return inTime;
}

const DAY = 86_400_000;
/** One day begins at midnight and another at noon, UTC, so that anything up to half a day long lies within one of them. */
const HALF_DAY = DAY / 2;
const DAYS_STARTED_PER_DAY = DAY / HALF_DAY;
const DAYS_OF_YEAR = 365;
const DAYS_OF_MONTH = 30;
/** The chance that a bad day stops a bot at half its budget within a year stays below this. */
const FALSE_STOPS_PER_YEAR = 0.002;
const MIN_STOP = 3;

/**
 * The number of misses within a day that stops the bot immediately: at least three, and so many that a bot at half its budget
 * reaches it on any day of a year with less than .2 % chance (Poisson misses per day, two days starting each day).
 * `realPerMonth`: incidents of this organisation that needed a human in 30 days.
 *
 * @example
 * ```ts
 * missesThatStop(10, 0.1); // => 3
 * ```
 */
export function missesThatStop(realPerMonth: number, budget: number): number {
  const mean = (realPerMonth / DAYS_OF_MONTH) * (budget / 2);
  let term = Math.exp(-mean);
  let above = 1 - term;
  for (let k = 1; ; k++) {
    if (k >= MIN_STOP && DAYS_STARTED_PER_DAY * DAYS_OF_YEAR * above < FALSE_STOPS_PER_YEAR) return k;
    term *= mean / k;
    above -= term;
  }
}

/** The number of misses in each day that had any, by the end of that day, milliseconds since the epoch. */
function missesByDay(trail: readonly RealIncident[]): ReadonlyMap<number, number> {
  const byDay = new Map<number, number>();
  for (const { missed, openedAt } of inOrder(trail)) {
    if (!missed) continue;
    const start = Math.floor(openedAt / HALF_DAY) * HALF_DAY;
    for (const end of [start + HALF_DAY, start + DAY]) byDay.set(end, (byDay.get(end) ?? 0) + 1);
  }
  return byDay;
}

/** The highest number of misses within a day, from midnight or from noon, UTC. */
export const mostMissesInADay = (trail: readonly RealIncident[]): number =>
  Math.max(0, ...missesByDay(trail).values());

/** A day with enough misses to stop the bot, and the number that stops it. */
export type BadDay = { readonly misses: number; readonly stop: number };

/**
 * The worst day that ended no more than a day ago and had more misses than chance explains; null if there is none. Each day is judged
 * by the number of real incidents at that time: a day that was not bad among many incidents does not become bad later, when there
 * are fewer. `realPerMonth`: real incidents in the 30 days before `now`, milliseconds since the epoch.
 */
export function badDay(
  trail: readonly RealIncident[],
  budget: number,
  { now, realPerMonth }: { readonly now: number; readonly realPerMonth: number },
): BadDay | null {
  let worst: BadDay | null = null;
  for (const [end, misses] of missesByDay(trail)) {
    if (end <= now - DAY || misses < MIN_STOP || (worst !== null && misses <= worst.misses)) continue;
    const since = end - DAYS_OF_MONTH * DAY;
    const then = inOrder(trail).filter(({ openedAt }) => openedAt >= since && openedAt < end).length;
    const stop = missesThatStop(Math.max(realPerMonth, then), budget);
    if (misses >= stop) worst = { misses, stop };
  }
  return worst;
}
