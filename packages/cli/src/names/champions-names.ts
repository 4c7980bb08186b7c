import { learntNameIn, readVersion, whyLearnt } from "@mrdata/learning";
import type { Ledger, ModelStore } from "@mrdata/platform";

export type NamesOfChampion = {
  /** The champion's learnt names of a title, as lines of text; empty if it has learnt none. */
  readonly of: (title: string, service: string | undefined) => readonly string[];
};

/**
 * The champion's learnt names. Without a service, a title is looked up on every service with learnt names. Empty without a champion.
 * Rejects with ModelRefusedError for a champion that cannot be used.
 */
export async function namesOfChampion(
  ledger: Pick<Ledger, "alias">,
  models: Pick<ModelStore, "read">,
): Promise<NamesOfChampion> {
  const champion = await ledger.alias("champion");
  const version = champion === null ? null : await readVersion((file) => models.read(champion, file));
  const learnt = version?.learntNames;
  if (learnt === undefined) return { of: () => [] };
  const find = learntNameIn(learnt);
  const services = [...new Set([...learnt.kept, ...learnt.volatile].map(({ service }) => service))].sort();
  return {
    of: (title, service) =>
      (service === undefined ? services : [service]).flatMap((one) => {
        const name = find(one, title);
        return name === null
          ? []
          : [`  as ${champion} has learnt on ${one}: ${name.name}`, `      ${whyLearnt(name)}`];
      }),
  };
}
