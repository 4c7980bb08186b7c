import { type CertificateRule, walkThresholds } from "@mrdata/learning";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** Throws CommandError for a miss budget or a delta for which no certificate is possible. */
export function refuseUncertifiable(rule: CertificateRule): void {
  try {
    walkThresholds([], rule);
  } catch (error) {
    if (error instanceof RangeError) throw new CommandError(error.message, exitCodes.usage);
    throw error;
  }
}
