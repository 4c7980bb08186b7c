import { ModelRefusedError, readCard } from "@mrdata/learning";
import type { Ledger, ModelStore } from "@mrdata/platform";

const DAY_MS = 86_400_000;
/** So many of the newest versions are kept, and all that are younger than this. */
const NEWEST = 20;
const YOUNG_MS = 400 * DAY_MS;
/** What a prediction of so lately names is kept, for somebody may ask why. */
const ASKED_FOR_MS = 90 * DAY_MS;
/** So many predictions are looked through; where there are more, nothing is deleted. */
const MAX_PREDICTIONS = 20_000;

type PruneLedger = Pick<Ledger, "alias"> & {
  predictions(of: {
    readonly since: number;
    readonly limit: number;
  }): Promise<readonly { readonly model: string }[]>;
};

/**
 * Deletes versions that nobody needs any more; answers with which. Never the newest 20, those younger than 400 days, the
 * champion, the one before it and the challenger, nor what a prediction of the last 90 days names.
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
  for (const version of byAge.slice(NEWEST))
    if (!named.has(version) && (await isOld(version, now, models))) old.push(version);
  if (old.length === 0) return [];
  const lately = await ledger.predictions({ since: now - ASKED_FOR_MS, limit: MAX_PREDICTIONS });
  if (lately.length >= MAX_PREDICTIONS) return [];
  const asked = new Set(lately.map(({ model }) => model));
  const gone = old.filter((version) => !asked.has(version));
  for (const version of gone) await models.remove(version);
  return gone;
}

/** What cannot be read tells no age, and is left to a person. */
async function isOld(version: string, now: number, models: Pick<ModelStore, "read">): Promise<boolean> {
  try {
    const { trainedAt } = await readCard((file) => models.read(version, file));
    return now - Date.parse(trainedAt) > YOUNG_MS;
  } catch (error) {
    if (error instanceof ModelRefusedError) return false;
    throw error;
  }
}
