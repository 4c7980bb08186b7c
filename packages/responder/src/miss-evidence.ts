/** An incident that needed a human since its service was armed, and whether it was held: a miss. */
export type RealIncident = {
  readonly incident: string;
  /** When it opened, milliseconds since the epoch. */
  readonly openedAt: number;
  readonly missed: boolean;
};

/** How much speaks for a miss rate above the budget: 1 is nothing, at `disarmsAt` the bot disarms itself. */
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
export const WARNS_AT = DISARMS_AT ** (1 / 3);

/** How much is staked, as shares of what a bet can lose at once: from careful to bold. */
const STAKES = Array.from({ length: 10 }, (_, i) => 0.05 + (0.4 / 9) * i);

/**
 * Bets against "the miss rate is at most the budget". Each real incident multiplies a stake by 1 + λ(x − budget), x being 1
 * for a miss (testing by betting: arXiv 2506.16416). A stake that has lost begins anew at one with every incident, so that
 * a good year does not buy a bad month (e-detectors: arXiv 2203.03532); ten stakes of different boldness are averaged.
 * The order is that of opening, then of the id: the same incidents give the same evidence, however often and in whatever order
 * they were told. Null before the first real incident, and where no miss rate could be above the budget.
 */
export const budgetEvidence = (trail: readonly RealIncident[], budget: number): BudgetEvidence | null =>
  betsOn(trail, budget)?.now ?? null;

/**
 * The most that the evidence ever came to on this trail, null as above. Whoever looks on after each incident stops at the first
 * crossing; outcomes may be told in bulk, many at once, and what fell again by then has crossed all the same.
 */
export const highestEvidence = (trail: readonly RealIncident[], budget: number): number | null =>
  betsOn(trail, budget)?.highest ?? null;

type Bets = { readonly now: BudgetEvidence; readonly highest: number };

function betsOn(trail: readonly RealIncident[], budget: number): Bets | null {
  const before = told.get(trail);
  if (before !== undefined && before.budget === budget) return before.bets;
  const bets = followed(trail, budget);
  told.set(trail, { budget, bets });
  return bets;
}

/** What was said of a trail last: the sweep asks of the same one each minute until something happens, and it may be long. */
const told = new WeakMap<readonly RealIncident[], { readonly budget: number; readonly bets: Bets | null }>();

function followed(trail: readonly RealIncident[], budget: number): Bets | null {
  const [first, ...others] = inOrder(trail);
  if (first === undefined || !(budget > 0 && budget < 1)) return null;
  const stakes = STAKES.map(() => 1);
  let [evidence, highest] = [1, 0];
  for (const { missed } of [first, ...others]) {
    for (const [i, stake] of STAKES.entries())
      stakes[i] = Math.max(1, stakes[i] ?? 1) * (1 + (stake / budget) * ((missed ? 1 : 0) - budget));
    evidence = stakes.reduce((sum, one) => sum + one, 0) / stakes.length;
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

/** Trails in order, for the same reason. */
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
/** A day begins at midnight and another one at noon, UTC, so that what goes on for half a day lies within one. */
const HALF_DAY = DAY / 2;
const DAYS_BEGUN_A_DAY = DAY / HALF_DAY;
const DAYS_OF_YEAR = 365;
const DAYS_OF_MONTH = 30;
/** A bot at half its budget is stopped by a bad day in fewer years than this. */
const BY_CHANCE = 0.002;
const MIN_STOP = 3;

/**
 * So many misses within a day stop the bot at once: the larger of three, and the fewest that a bot at half its budget
 * comes to, on any day of a year, with less than .2 % chance (a Poisson number of misses a day, and two days that begin each day).
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
    if (k >= MIN_STOP && DAYS_BEGUN_A_DAY * DAYS_OF_YEAR * above < BY_CHANCE) return k;
    term *= mean / k;
    above -= term;
  }
}

/** How many misses there were in each day that had any, by when it ended, milliseconds since the epoch. */
function missesByDay(trail: readonly RealIncident[]): ReadonlyMap<number, number> {
  const byDay = new Map<number, number>();
  for (const { missed, openedAt } of inOrder(trail)) {
    if (!missed) continue;
    const begun = Math.floor(openedAt / HALF_DAY) * HALF_DAY;
    for (const end of [begun + HALF_DAY, begun + DAY]) byDay.set(end, (byDay.get(end) ?? 0) + 1);
  }
  return byDay;
}

/** The most misses within a day, from midnight or from noon, UTC. */
export const mostMissesInADay = (trail: readonly RealIncident[]): number =>
  Math.max(0, ...missesByDay(trail).values());

/** A day with so many misses that the bot stops, and how many it takes. */
export type BadDay = { readonly misses: number; readonly stop: number };

/**
 * The worst of the days that are not over for more than a day, where it has more misses than a bot comes to by chance; null where none
 * has. Each day is judged by as many real incidents as there were by then: what was no bad day among many incidents is none
 * afterwards, where there are fewer. `realPerMonth`: those of the 30 days before `now`, milliseconds since the epoch.
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
