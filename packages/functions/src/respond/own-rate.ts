import { type Fallback, readFallback } from "@mrdata/learning";
import type { ModelStore } from "@mrdata/platform";

/** A published version whose certificate lets the alert type's historical self-resolve rate hold. */
export type OwnRate = Fallback & { readonly version: string };

/**
 * The fallback where no version is champion: the newest published version for this hold window (milliseconds) with a
 * certificate for the alert type's historical rate; null where none has one. Rejects with ModelRefusedError where a
 * relevant version is not intact, and with the store's errors: no older version then holds in its place.
 */
export async function newestOwnRate(
  models: Pick<ModelStore, "read" | "versions">,
  windowMs: number,
): Promise<OwnRate | null> {
  const versions = (await models.versions()).toSorted((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
  for (const version of versions) {
    const fallback = await readFallback((file) => models.read(version, file), windowMs);
    if (fallback !== null) return { version, ...fallback };
  }
  return null;
}
