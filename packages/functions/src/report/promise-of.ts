import {
  type Certificate,
  certificateSentence,
  certificateShortfall,
  ModelRefusedError,
  readCard,
} from "@mrdata/learning";
import type { ModelStore, Settings } from "@mrdata/platform";

/**
 * Returns what a version promises, as a sentence, and why the settings discount it; null where they cannot be read.
 * Never rejects.
 */
export type PromiseOf = (
  version: string,
  settings: Pick<Settings, "missBudget" | "certificate"> | null,
) => Promise<string>;

/**
 * What a store's versions promise, by their model cards. A version never changes, so what was read of one is cached.
 * Where a card cannot be read the sentence says so: the rest of the report is still worth showing.
 */
export function promisesOf(models: Pick<ModelStore, "read">): PromiseOf {
  const remembered = new Map<string, Certificate | null>();
  const certificateOf = async (version: string): Promise<Certificate | null> => {
    const known = remembered.get(version);
    if (known !== undefined) return known;
    const { certificate } = await readCard((file) => models.read(version, file));
    remembered.set(version, certificate);
    return certificate;
  };
  return async (version, settings) => {
    try {
      return sentenceOf(version, await certificateOf(version), settings);
    } catch (error) {
      return `What ${version} promises cannot be read: ${error instanceof ModelRefusedError ? error.message : "the store of models does not answer"}.`;
    }
  };
}

function sentenceOf(
  version: string,
  certificate: Certificate | null,
  settings: Parameters<PromiseOf>[1],
): string {
  if (certificate === null) return `${version} promises nothing: of an armed service nothing is held.`;
  const shortfall =
    settings === null
      ? null
      : certificateShortfall(certificate, {
          budget: settings.missBudget,
          delta: settings.certificate.delta,
        });
  return shortfall === null
    ? certificateSentence(certificate)
    : `${version} ${shortfall}: of an armed service nothing is held until 'mrdata train --promote' has made a version that is certified for it.`;
}
