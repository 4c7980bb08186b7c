import { type Fallback, readFallback } from "@mrdata/learning";
import type { ModelStore } from "@mrdata/platform";

/** A published version by whose certificate the alert type's own rate may hold. */
export type OwnRate = Fallback & { readonly version: string };

/**
 * By what the alert type's own rate stands in where no version is champion: the newest published version for this hold window
 * (milliseconds) that has a certificate for it; null where none has. Rejects with ModelRefusedError where a version that
 * counts is not what was written, and as the store does: then nothing is held by an older one in its place.
 */
export async function newestOwnRate(
  models: Pick<ModelStore, "read" | "versions">,
  window: number,
): Promise<OwnRate | null> {
  const versions = (await models.versions()).toSorted((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
  for (const version of versions) {
    const fallback = await readFallback((file) => models.read(version, file), window);
    if (fallback !== null) return { version, ...fallback };
  }
  return null;
}
