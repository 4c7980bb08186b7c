import { type CertificateRule, walkThresholds } from "@mrdata/learning";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** Throws CommandError with a sentence for a miss budget or a delta that no certificate can be made for. */
export function refuseUncertifiable(rule: CertificateRule): void {
  try {
    walkThresholds([], rule);
  } catch (error) {
    if (error instanceof RangeError) throw new CommandError(error.message, exitCodes.usage);
    throw error;
  }
}
