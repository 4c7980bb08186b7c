import type { Prediction } from "@mrdata/incident";
import { ModelRefusedError, readCard } from "@mrdata/learning";
import { isModelVersion, type ModelStore } from "@mrdata/platform";

/** The hold window of a decision in milliseconds; pass null for an incident without one. */
export type WindowOf = (
  prediction: Pick<Prediction, "window" | "holdUntil" | "openedAt" | "model"> | null,
) => Promise<number>;

/**
 * The window of a decision is the one stored with it, else the one that its model version was trained for, else `usual` (milliseconds).
 * A bot's window may have been different last month.
 */
export function windowsOf(models: Pick<ModelStore, "read">, usual: number): WindowOf {
  const cards = new Map<string, Promise<number | null>>();
  const ofVersion = (version: string): Promise<number | null> => {
    const known = cards.get(version) ?? windowOfCard(models, version);
    cards.set(version, known);
    return known;
  };
  return async (prediction) => {
    if (prediction === null) return usual;
    const { window, holdUntil, openedAt, model } = prediction;
    if (window !== undefined) return window;
    if (holdUntil !== null) return holdUntil - openedAt;
    return (isModelVersion(model) ? await ofVersion(model) : null) ?? usual;
  };
}

async function windowOfCard(models: Pick<ModelStore, "read">, version: string): Promise<number | null> {
  try {
    return (await readCard((file) => models.read(version, file))).window * 1000;
  } catch (error) {
    if (error instanceof ModelRefusedError) return null;
    throw error;
  }
}
