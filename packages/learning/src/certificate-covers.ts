import type { Certificate, CertificateRule } from "./certificate.ts";

/** The settings for certificates: the miss budget, and the probability that one is wrong. */
export type CertificateWanted = Pick<CertificateRule, "budget" | "delta">;

/**
 * Why a certificate does not satisfy the settings, as a phrase about its version: there is none, or it was made for a
 * larger miss budget or a larger probability of being wrong. Null where it does: a certificate for less than the
 * settings promises more.
 *
 * @example
 * ```ts
 * certificateShortfall(null, { budget: 0.1, delta: 0.1 }); // => "has no certificate for the miss budget"
 * certificateShortfall({ budget: 0.1, delta: 0.1 }, { budget: 0.05, delta: 0.1 }); // => "is certified for a miss budget of 10 %, and 5 % is set"
 * certificateShortfall({ budget: 0.05, delta: 0.1 }, { budget: 0.1, delta: 0.1 }); // => null
 * ```
 */
export function certificateShortfall(
  certificate: Pick<Certificate, "budget" | "delta"> | null,
  { budget, delta }: CertificateWanted,
): string | null {
  if (certificate === null) return "has no certificate for the miss budget";
  if (!(certificate.budget <= budget))
    return `is certified for a miss budget of ${percent(certificate.budget)}, and ${percent(budget)} is set`;
  if (!(certificate.delta <= delta))
    return `is certified with ${percent(1 - certificate.delta)} confidence, and ${percent(1 - delta)} is set (certificate.delta)`;
  return null;
}

const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;
