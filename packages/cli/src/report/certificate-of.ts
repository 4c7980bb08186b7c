import { certificateSentence, ModelRefusedError, readCard } from "@mrdata/learning";
import type { ModelStore } from "@mrdata/platform";

/** What a version of a store promises, as a sentence; null where it promises nothing, or its card cannot be read. */
export const promisesOf =
  (models: Pick<ModelStore, "read">) =>
  async (version: string): Promise<string | null> => {
    try {
      const { certificate } = await readCard((file) => models.read(version, file));
      return certificate === null ? null : certificateSentence(certificate);
    } catch (error) {
      if (error instanceof ModelRefusedError) return null;
      throw error;
    }
  };
