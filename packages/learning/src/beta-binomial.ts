/** The counts of one level of the past: outcomes, and how many of them resolved themselves. */
export type LevelCounts = { readonly selfResolved: number; readonly decided: number };

/** A probability as a beta distribution: as if this many had resolved themselves and this many not. */
export type Chance = { readonly yes: number; readonly no: number };

export const meanOfChance = ({ yes, no }: Chance): number => yes / (yes + no);

/**
 * The distribution at the finest of nested levels. Each level has a `likeness`, how similar its siblings are: the
 * concentration of the beta distribution that the finer probabilities are drawn from, in imagined outcomes (a
 * beta-binomial at each level, centred on the mean of the coarser one). Levels are given finest first; an additional
 * level can be inserted at its position. The coarsest starts with one imagined outcome of each kind.
 * @example
 * ```ts
 * const all = { counts: { selfResolved: 300, decided: 1_000 }, likeness: 2 };
 * chanceOf([{ counts: { selfResolved: 5, decided: 5 }, likeness: 8 }, all]).yes > 7; // => true
 * ```
 */
export function chanceOf(
  finestFirst: readonly { readonly counts: LevelCounts; readonly likeness: number }[],
): Chance {
  let chance: Chance = { yes: 1, no: 1 };
  for (const [i, { counts, likeness }] of finestFirst.toReversed().entries()) {
    const centre = meanOfChance(chance);
    const prior = i === 0 ? chance : { yes: likeness * centre, no: likeness * (1 - centre) };
    chance = {
      yes: prior.yes + counts.selfResolved,
      no: prior.no + counts.decided - counts.selfResolved,
    };
  }
  return chance;
}

/**
 * Lanczos' approximation, g = 7 (Numerical Recipes, 6.1): the natural logarithm of the gamma function for positive
 * arguments.
 */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = LANCZOS[0];
  for (const [i, coefficient] of LANCZOS.slice(1).entries()) sum += coefficient / (x + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}
const LANCZOS: readonly [number, ...number[]] = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** P(X ≤ x) of a beta distribution, by its continued fraction (Lentz; Numerical Recipes, 6.4). */
export function betaTail({ yes, no }: Chance, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (yes + 1) / (yes + no + 2)) return 1 - betaTail({ yes: no, no: yes }, 1 - x);
  const front = Math.exp(
    logGamma(yes + no) - logGamma(yes) - logGamma(no) + yes * Math.log(x) + no * Math.log1p(-x),
  );
  const apart = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / apart(1 - ((yes + no) * x) / (yes + 1));
  let fraction = d;
  for (let m = 1; m <= MAX_TERMS; m++) {
    const even = (m * (no - m) * x) / ((yes + 2 * m - 1) * (yes + 2 * m));
    d = 1 / apart(1 + even * d);
    c = apart(1 + even / c);
    fraction *= d * c;
    const odd = (-(yes + m) * (yes + no + m) * x) / ((yes + 2 * m) * (yes + 2 * m + 1));
    d = 1 / apart(1 + odd * d);
    c = apart(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return (front * fraction) / yes;
}
const TINY = 1e-300;
const MAX_TERMS = 2_000;

/** The quantile `share` of the distribution: its lower bound with confidence 1 − `share`. */
export function lowerBoundOf(chance: Chance, share: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (betaTail(chance, middle) < share) low = middle;
    else high = middle;
  }
  return low;
}

/** The natural logarithm of the likelihood of the counts if each were drawn around one centre. */
function logLikelihood(children: readonly LevelCounts[], centre: number, likeness: number): number {
  const [yes, no] = [likeness * centre, likeness * (1 - centre)];
  return children.reduce(
    (sum, { selfResolved, decided }) =>
      sum +
      logGamma(yes + selfResolved) -
      logGamma(yes) +
      logGamma(no + decided - selfResolved) -
      logGamma(no) -
      logGamma(likeness + decided) +
      logGamma(likeness),
    0,
  );
}

const LIKENESSES = [0.5, 1, 2, 4, 8, 16, 32, 64] as const;
/** Imagined outcomes where likeness cannot be estimated: as many as pull a rate towards its parent's. */
export const USUAL_LIKENESS = 2;

/**
 * How similar siblings are, as the most likely of several concentrations (the beta-binomial's spread). `families`: the
 * children of each parent. With fewer than ten children in total the default is used.
 */
export function likenessAmong(families: readonly (readonly LevelCounts[])[]): number {
  if (families.reduce((sum, { length }) => sum + length, 0) < 10) return USUAL_LIKENESS;
  let best = { likeness: USUAL_LIKENESS, value: Number.NEGATIVE_INFINITY };
  for (const likeness of LIKENESSES) {
    const value = families.reduce((sum, children) => {
      const all = children.reduce(
        (counts, one) => ({
          selfResolved: counts.selfResolved + one.selfResolved,
          decided: counts.decided + one.decided,
        }),
        { selfResolved: 1, decided: 2 },
      );
      return sum + logLikelihood(children, all.selfResolved / all.decided, likeness);
    }, 0);
    if (value > best.value) best = { likeness, value };
  }
  return best.likeness;
}
