import { z } from "zod";
import { assertBudget, assertDelta, fewestForNone, largestAllowed, upperBound } from "./clopper-pearson.ts";

/** The rule of a certificate. */
export type CertificateRule = {
  /** The maximum share of incidents needing a human that may be held: the miss budget, above 0 and below 1. */
  readonly budget: number;
  /** The probability that the certificate is wrong: above 0 and at most .5. */
  readonly delta: number;
  /** How far back the counted rows reach, days. */
  readonly days: number;
};

export const usualCertificateRule: CertificateRule = { budget: 0.1, delta: 0.1, days: 180 };

export const certificateSchema = z.object({
  budget: z.number(),
  delta: z.number(),
  /** Incidents among the rows that needed a human. */
  real: z.number().int(),
  /** The maximum number of them that may be held for the upper bound to stay within the budget. */
  missesAllowed: z.number().int(),
  /**
   * The number of them that the threshold would have held, and the upper bound of the true share with confidence 1 −
   * delta.
   */
  misses: z.number().int(),
  upperBound: z.number(),
  threshold: z.number(),
  /** When the first and the last real incident among the rows opened, ISO 8601. */
  from: z.string(),
  to: z.string(),
});

/**
 * A threshold's promise: with confidence 1 − `delta`, if the future is like the past, at most `budget` of the incidents
 * that need a human are held. Shares are from 0 to 1.
 */
export type Certificate = z.infer<typeof certificateSchema>;

/**
 * A past prediction that a certificate counts. Its label is 0 where it needed a human, or where that is unknown: the
 * latter is `censored`, and counts against the bot, as a miss where it would have been held, and not among the real
 * ones otherwise.
 */
export type CertifyingRow = {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  readonly probability: number;
  readonly label: 0 | 1;
  /** Omitted where the outcome is known. */
  readonly censored?: boolean | undefined;
};

/** The end of the walk: the lowest certified threshold, or why there is none. */
export type Walk =
  | { readonly lowest: number; readonly allowed: number }
  | { readonly lowest: null; readonly reason: string; readonly missingReal: number };

/**
 * Walks from the strictest threshold to laxer ones and stops before the first at which more real incidents would have
 * been held than the Clopper–Pearson bound allows: Learn then Test with a fixed sequence (Angelopoulos et al., arXiv
 * 2110.01052). Every threshold that it passed is certified, so any of them may be used. The rows must not have been
 * used to choose the model behind the probabilities. Throws RangeError for an invalid budget or delta.
 */
export function walkThresholds(
  rows: readonly Pick<CertifyingRow, "probability" | "label" | "censored">[],
  { budget, delta }: Pick<CertificateRule, "budget" | "delta">,
): Walk {
  assertBudget(budget);
  assertDelta(delta);
  const known = rows.filter(({ label, censored }) => label === 0 && censored !== true).length;
  const least = largestAllowed(known, budget, delta);
  if (least === null) {
    const fewest = fewestForNone(budget, delta);
    return { lowest: null, reason: tooFewReal(known, fewest), missingReal: fewest - known };
  }
  const sorted = rows.toSorted((a, b) => b.probability - a.probability);
  let [real, misses, allowed] = [known, 0, least];
  let passed: { readonly lowest: number; readonly allowed: number } | null = null;
  for (const [i, { probability, label, censored }] of sorted.entries()) {
    misses += 1 - label;
    if (censored === true) real++;
    if (sorted[i + 1]?.probability === probability) continue;
    if (real > known) allowed = largestAllowed(real, budget, delta) ?? least;
    if (misses > allowed) break;
    passed = { lowest: probability, allowed };
  }
  if (passed !== null) return passed;
  return {
    lowest: null,
    reason: `Even the strictest threshold would have held more of ${real} real incidents than the ${allowed} that may be: nothing can be certified`,
    missingReal: 0,
  };
}

const tooFewReal = (real: number, fewest: number): string =>
  `${real === 0 ? "No past prediction was of an incident" : `Only ${real} past predictions were of incidents`} that needed a human, and ${fewest} are the fewest that a certificate takes: ${fewest - real} are missing`;

/** Whether a row counts among the real ones at a threshold: a censored one does where it would have been held. */
export const countsAsReal = (
  { label, censored, probability }: Pick<CertifyingRow, "label" | "censored" | "probability">,
  threshold: number,
): boolean => label === 0 && (censored !== true || probability >= threshold);

/** The certificate of a threshold that the walk passed, from the rows walked over. Throws RangeError for any other. */
export function certificateOf(
  threshold: number,
  rows: readonly CertifyingRow[],
  { budget, delta }: Pick<CertificateRule, "budget" | "delta">,
): Certificate {
  const real = rows.filter((row) => countsAsReal(row, threshold));
  const misses = real.filter(({ probability }) => probability >= threshold).length;
  const allowed = largestAllowed(real.length, budget, delta);
  if (allowed === null || misses > allowed)
    throw new RangeError(
      `a threshold of ${threshold} is not certified: it holds ${misses} of ${real.length} real ones, and ${allowed ?? "none"} may be`,
    );
  const opened = real.map(({ openedAt }) => openedAt);
  const iso = (at: number) => new Date(at).toISOString();
  return {
    budget,
    delta,
    real: real.length,
    missesAllowed: allowed,
    misses,
    upperBound: upperBound(misses, real.length, delta),
    threshold,
    from: iso(opened.reduce((first, at) => Math.min(first, at), Number.POSITIVE_INFINITY)),
    to: iso(opened.reduce((last, at) => Math.max(last, at), Number.NEGATIVE_INFINITY)),
  };
}

const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;

/** The certificate in a sentence for people. */
export const certificateSentence = ({ budget, delta, real, misses, from, to }: Certificate): string =>
  `With ${percent(1 - delta)} confidence, if what comes is like the past: at most ${percent(budget)} of the incidents that need a human are delayed (of ${real} such from ${from.slice(0, 10)} to ${to.slice(0, 10)} it would have held ${misses}).`;
