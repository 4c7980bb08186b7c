import { outOfRange } from "@mrdata/base";

/** A share that has changed. */
export type ChangedShare = {
  readonly before: { readonly rows: number; readonly share: number };
  readonly after: { readonly rows: number; readonly share: number };
  /** How much better a separate share explains the newest rows: a sum of Bayes factors. */
  readonly evidence: number;
};

/** The maximum number of newest rows that may have changed, and the minimum number of rows before them. */
const MAX_CHANGED = 60;
const MIN_BEFORE = 20;

/**
 * Whether a share changed recently, and since when. For each of the last 60 rows as the possible first changed one, the
 * rows from it on are explained by a share of their own (uniform prior) and by the share before it, known only as well
 * as its rows allow (beta-binomial); the factors add up, as in the Shiryaev–Roberts procedure, so that without a change
 * the sum exceeds `line` at most once in `line` rows. Null where the line is not reached.
 *
 * @param rows In order of time.
 * @param line The required evidence: twenty times the rows of a year means one false alarm in twenty years.
 */
export function changedShare(rows: readonly (0 | 1)[], line: number): ChangedShare | null {
  const n = rows.length;
  const ones = [0];
  for (const [i, row] of rows.entries()) ones.push((ones[i] ?? outOfRange()) + row);
  const onesTo = (i: number): number => ones[i] ?? outOfRange();
  let evidence = 0;
  let best = { at: n, factor: 0 };
  for (let at = n - 1; at >= Math.max(MIN_BEFORE, n - MAX_CHANGED); at--) {
    const factor = factorOf(onesTo(at), at, onesTo(n) - onesTo(at), n - at);
    evidence += factor;
    if (factor > best.factor) best = { at, factor };
  }
  if (evidence < line) return null;
  const { at } = best;
  return {
    before: { rows: at, share: onesTo(at) / at },
    after: { rows: n - at, share: (onesTo(n) - onesTo(at)) / (n - at) },
    evidence,
  };
}

/** The Bayes factor of a separate share for the later rows against the earlier share. */
function factorOf(onesBefore: number, before: number, onesAfter: number, after: number): number {
  const zerosBefore = before - onesBefore;
  const zerosAfter = after - onesAfter;
  const own = logBeta(onesAfter + 1, zerosAfter + 1);
  const usual =
    logBeta(onesBefore + onesAfter + 1, zerosBefore + zerosAfter + 1) -
    logBeta(onesBefore + 1, zerosBefore + 1);
  return Math.exp(own - usual);
}

const logFactorials = [0];
function logFactorial(n: number): number {
  for (let k = logFactorials.length; k <= n; k++)
    logFactorials.push((logFactorials[k - 1] ?? outOfRange()) + Math.log(k));
  return logFactorials[n] ?? outOfRange();
}
/** For positive integers. */
const logBeta = (a: number, b: number): number =>
  logFactorial(a - 1) + logFactorial(b - 1) - logFactorial(a + b - 1);
