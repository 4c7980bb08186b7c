import { messageOf } from "@mrdata/base";
import { readVersion } from "@mrdata/learning";
import type { Ledger, ModelAlias, ModelStore } from "@mrdata/platform";

/** A published version as `mrdata models list` shows it. Times are ISO 8601, the window in seconds. */
export type ListedVersion = {
  readonly version: string;
  readonly aliases: readonly ModelAlias[];
  readonly trainedAt: string | null;
  readonly window: number | null;
  /** Holds from this probability on; null: never, or it cannot be read. */
  readonly threshold: number | null;
  readonly learner: string | null;
  readonly incidents: number | null;
  readonly auc: number | null;
  /** A caveat for whoever promotes it. */
  readonly remark: string | null;
  /** Why it cannot be used; null if it can. */
  readonly refused: string | null;
};

const names: readonly ModelAlias[] = ["champion", "challenger", "previous"];

export async function aliasesOf(
  ledger: Pick<Ledger, "alias">,
): Promise<ReadonlyMap<ModelAlias, string | null>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await ledger.alias(name)] as const)));
}

/** Lists versions, newest first. A version that an alias names but does not exist is listed as refused. */
export async function listVersions(
  models: Pick<ModelStore, "versions" | "read">,
  ledger: Pick<Ledger, "alias">,
): Promise<readonly ListedVersion[]> {
  const aliases = await aliasesOf(ledger);
  const named = [...aliases.values()].filter((version) => version !== null);
  const all = [...new Set([...(await models.versions()), ...named])];
  const byNumber = all.toSorted((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
  const listed: ListedVersion[] = [];
  for (const version of byNumber) {
    const own = [...aliases].flatMap(([name, target]) => (target === version ? [name] : []));
    listed.push(await describe(models, version, own));
  }
  return listed;
}

async function describe(
  models: Pick<ModelStore, "read">,
  version: string,
  aliases: readonly ModelAlias[],
): Promise<ListedVersion> {
  try {
    const { card } = await readVersion((file) => models.read(version, file));
    const { trainedAt, window, threshold, learner, incidents, remark } = card;
    const auc = card.figures.auc.value;
    return { version, aliases, trainedAt, window, threshold, learner, incidents, auc, remark, refused: null };
  } catch (error) {
    return {
      version,
      aliases,
      trainedAt: null,
      window: null,
      threshold: null,
      learner: null,
      incidents: null,
      auc: null,
      remark: null,
      // A broken version must not keep the others from being listed.
      refused: messageOf(error),
    };
  }
}
