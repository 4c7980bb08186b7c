import type { Certificate } from "./certificate.ts";
import {
  ModelRefusedError,
  readCard,
  readCertifyingRows,
  readLearntNames,
  readSealedCard,
  type VersionFile,
} from "./model-version.ts";
import type { LearntNames } from "./names/learnt-names.ts";
import { verifyCertificates } from "./verify-certificate.ts";

/** A version's terms for the alert type's historical rate: its threshold, and what was learnt of names. */
export type Fallback = {
  readonly certificate: Certificate;
  readonly learntNames: LearntNames | undefined;
  /** ISO 8601. */
  readonly trainedAt: string;
};

/**
 * Reads the certificate by which the alert type's historical rate may hold, without the version's model; null where the
 * version has none, or was made for another hold window (milliseconds). Throws ModelRefusedError where one of its parts
 * is missing or not what was written: a card changed by hand, or a certificate that its rows do not support.
 */
export async function readFallback(
  read: (file: VersionFile) => Promise<Uint8Array | null>,
  windowMs: number,
): Promise<Fallback | null> {
  const told = await readCard(read);
  if (told.window * 1000 !== windowMs || told.fallback === null) return null;
  const card = await readSealedCard(read);
  const certificate = card.fallback?.certificate ?? null;
  const verified = verifyCertificates({ card, certifying: await readCertifyingRows(read, card) });
  const problem = verified.find(({ of }) => of === "fallback")?.problem ?? null;
  if (problem !== null)
    throw new ModelRefusedError(`the certificate of the alert type's own rate does not count: ${problem}`);
  if (certificate === null) return null;
  return { certificate, learntNames: await readLearntNames(read, card), trainedAt: card.trainedAt };
}
