import { learntNameIn, readVersion, whyLearnt } from "@mrdata/learning";
import type { Ledger, ModelStore } from "@mrdata/platform";

export type NamesOfChampion = {
  /** What the champion has learnt of a title's name, in lines for people; none where it has learnt nothing of it. */
  readonly of: (title: string, service: string | undefined) => readonly string[];
};

/**
 * What the champion has learnt of names. Without a service a title is looked for on all of which something was learnt. Where
 * there is no champion nothing was learnt. Rejects with ModelRefusedError for one that cannot be used.
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
