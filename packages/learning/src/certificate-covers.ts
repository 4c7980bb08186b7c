import type { Certificate, CertificateRule } from "./certificate.ts";

/** What is set of certificates: the miss budget, and the chance that one is wrong. */
export type CertificateWanted = Pick<CertificateRule, "budget" | "delta">;

/**
 * Why a certificate does not stand for what is set, a phrase about its version: there is none, or it was made for a larger miss budget
 * or with a larger chance to be wrong. Null where it stands: one that was made for less than is set promises more.
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
