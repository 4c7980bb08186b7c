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
export function budgetEvidence(trail: readonly RealIncident[], budget: number): BudgetEvidence | null {
  const before = told.get(trail);
  if (before !== undefined && before.budget === budget) return before.evidence;
  const evidence = evidenceOf(trail, budget);
  told.set(trail, { budget, evidence });
  return evidence;
}

/** What was said of a trail last: the sweep asks of the same one each minute until something happens, and it may be long. */
const told = new WeakMap<
  readonly RealIncident[],
  { readonly budget: number; readonly evidence: BudgetEvidence | null }
>();

function evidenceOf(trail: readonly RealIncident[], budget: number): BudgetEvidence | null {
  const [first, ...others] = inOrder(trail);
  if (first === undefined || !(budget > 0 && budget < 1)) return null;
  const stakes = STAKES.map(() => 1);
  for (const { missed } of [first, ...others])
    for (const [i, stake] of STAKES.entries())
      stakes[i] = Math.max(1, stakes[i] ?? 1) * (1 + (stake / budget) * ((missed ? 1 : 0) - budget));
  return {
    evidence: stakes.reduce((sum, one) => sum + one, 0) / stakes.length,
    warnsAt: WARNS_AT,
    disarmsAt: DISARMS_AT,
    real: 1 + others.length,
    misses: [first, ...others].filter(({ missed }) => missed).length,
    since: new Date(first.openedAt).toISOString(),
  };
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
const DAYS_OF_YEAR = 365;
const DAYS_OF_MONTH = 30;
/** A bot at half its budget is stopped by a bad day in fewer years than this. */
const BY_CHANCE = 0.002;
const MIN_STOP = 3;

/**
 * So many misses within a day stop the bot at once: the larger of three, and the fewest that a bot at half its budget
 * comes to, on any day of a year, with less than .2 % chance (a Poisson number of misses a day). `realPerMonth`: incidents
 * of this organisation that needed a human in 30 days.
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
    if (k >= MIN_STOP && DAYS_OF_YEAR * above < BY_CHANCE) return k;
    term *= mean / k;
    above -= term;
  }
}

/** The most misses within any 24 hours. */
export function mostMissesInADay(trail: readonly RealIncident[]): number {
  const missed = inOrder(trail).filter((one) => one.missed);
  let most = 0;
  let start = 0;
  for (const [end, { openedAt }] of missed.entries()) {
    while (openedAt - (missed[start]?.openedAt ?? openedAt) >= DAY) start++;
    most = Math.max(most, end - start + 1);
  }
  return most;
}
