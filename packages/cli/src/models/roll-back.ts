import { CommandError } from "../exit-codes.ts";
import { aliasesOf } from "./list-versions.ts";
import { assertFits, type OpenedModels, publishedVersion } from "./on-models.ts";

type Opened = Pick<OpenedModels, "models" | "window"> & {
  readonly ledger: Pick<OpenedModels["ledger"], "alias" | "promote" | "demote" | "training">;
};

/**
 * Makes the previous champion champion again. Whoever goes back has a reason that no figure knows of: first nothing becomes champion by
 * itself any more, so that no training that ends meanwhile, and no write that fails, undoes it. Throws CommandError where there is
 * nothing to go back to, or where the champion is another than was gone back from.
 */
export async function rollBack(
  { ledger, models, window }: Opened,
  now: number,
): Promise<{ readonly champion: string; readonly previous: string | null }> {
  const aliases = await aliasesOf(ledger);
  const previous = aliases.get("previous") ?? null;
  const champion = aliases.get("champion") ?? null;
  if (previous === null)
    throw new CommandError("there is no previous champion to go back to: see 'mrdata models list'");
  assertFits(previous, (await publishedVersion(previous, models)).card, window);
  await pause(ledger, `${champion ?? "no champion"} was rolled back to ${previous}`, now);
  await assertStill(champion, ledger);
  await ledger.promote(previous);
  return { champion: previous, previous: champion };
}

/** Goes back to no champion, and pauses as `rollBack` does. Answers with the one that was. Throws CommandError where there was none. */
export async function demoteChampion({ ledger }: Pick<Opened, "ledger">, now: number): Promise<string> {
  const champion = await ledger.alias("champion");
  if (champion === null)
    throw new CommandError("there is no champion: the alert type's own rate stands in already");
  await pause(ledger, `${champion} was demoted`, now);
  await assertStill(champion, ledger);
  await ledger.demote();
  return champion;
}

const pause = (ledger: Opened["ledger"], why: string, at: number) =>
  ledger.training.changeState((state) => ({ ...state, paused: { at, why } }));

/** A training may have ended between the look and the pause; after the pause none promotes. */
async function assertStill(champion: string | null, ledger: Opened["ledger"]): Promise<void> {
  const now = await ledger.alias("champion");
  if (now !== champion)
    throw new CommandError(
      `${now ?? "none"} became champion meanwhile, in place of ${champion ?? "none"}, and stays: look at it, and say it again where it is to go, too. No version becomes champion by itself from now on, until 'mrdata models resume'`,
    );
}
