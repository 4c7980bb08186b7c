import { certificateSentence, ModelRefusedError, readCard } from "@mrdata/learning";
import type { ModelStore } from "@mrdata/platform";

/** Answers with what a version promises, as a sentence. Never rejects. */
export type PromiseOf = (version: string) => Promise<string>;

/**
 * What the versions of a store promise, by their cards. A version never changes: what was read of one is remembered. Where its
 * card cannot be read the sentence says so, for the rest of a report is worth showing all the same.
 */
export function promisesOf(models: Pick<ModelStore, "read">): PromiseOf {
  const remembered = new Map<string, string>();
  return async (version) => {
    const known = remembered.get(version);
    if (known !== undefined) return known;
    try {
      const { certificate } = await readCard((file) => models.read(version, file));
      const sentence =
        certificate === null
          ? `${version} promises nothing: of an armed service nothing is held.`
          : certificateSentence(certificate);
      remembered.set(version, sentence);
      return sentence;
    } catch (error) {
      return `What ${version} promises cannot be read: ${error instanceof ModelRefusedError ? error.message : "the store of models does not answer"}.`;
    }
  };
}
