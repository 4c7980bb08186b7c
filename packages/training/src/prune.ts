import { ModelRefusedError, readCard } from "@mrdata/learning";
import type { Ledger, ModelStore } from "@mrdata/platform";

const DAY_MS = 86_400_000;
/** The number of newest versions to keep; versions younger than `YOUNG_MS` are kept, too. */
const MIN_KEPT = 20;
const YOUNG_MS = 400 * DAY_MS;
/** Versions named by predictions this recent are kept, so that these can still be explained. */
const EXPLAINABLE_MS = 90 * DAY_MS;
/** The most predictions that are searched; if there are more, nothing is deleted. */
const MAX_PREDICTIONS = 20_000;

type PruneLedger = Pick<Ledger, "alias"> & {
  predictions(of: {
    readonly since: number;
    readonly limit: number;
  }): Promise<readonly { readonly model: string }[]>;
};

/**
 * Deletes versions that are no longer needed, and returns their names. It never deletes the newest 20, versions younger than 400
 * days, the champion, the previous champion, the challenger, or a version named by a prediction of the last 90 days.
 */
export async function pruneVersions(
  now: number,
  { ledger, models }: { readonly ledger: PruneLedger; readonly models: ModelStore },
): Promise<readonly string[]> {
  if (models.remove === undefined) return [];
  const aliases = ["champion", "previous", "challenger"] as const;
  const named = new Set(await Promise.all(aliases.map((name) => ledger.alias(name))));
  const byAge = (await models.versions()).toSorted((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
  const old: string[] = [];
  for (const version of byAge.slice(MIN_KEPT))
    if (!named.has(version) && (await isOld(version, now, models))) old.push(version);
  if (old.length === 0) return [];
  const lately = await ledger.predictions({ since: now - EXPLAINABLE_MS, limit: MAX_PREDICTIONS });
  if (lately.length >= MAX_PREDICTIONS) return [];
  const asked = new Set(lately.map(({ model }) => model));
  const gone = old.filter((version) => !asked.has(version));
  for (const version of gone) await models.remove(version);
  return gone;
}

/** A version without a readable card has no known age and is left to a person. */
async function isOld(version: string, now: number, models: Pick<ModelStore, "read">): Promise<boolean> {
  try {
    const { trainedAt } = await readCard((file) => models.read(version, file));
    return now - Date.parse(trainedAt) > YOUNG_MS;
  } catch (error) {
    if (error instanceof ModelRefusedError) return false;
    throw error;
  }
}
