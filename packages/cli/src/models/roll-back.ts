import { CommandError } from "../exit-codes.ts";
import { aliasesOf } from "./list-versions.ts";
import { assertFits, type OpenedModels, publishedVersion } from "./on-models.ts";

type Opened = Pick<OpenedModels, "models" | "windowMs"> & {
  readonly ledger: Pick<OpenedModels["ledger"], "alias" | "promote" | "demote" | "training">;
};

/**
 * Makes the previous champion champion again. A rollback has reasons that no figure shows, so automatic promotion is paused first: neither
 * a training that ends meanwhile nor a failed write may undo it. Throws CommandError if there is no previous champion, or if the champion
 * changed in the meantime.
 */
export async function rollBack(
  { ledger, models, windowMs }: Opened,
  now: number,
): Promise<{ readonly champion: string; readonly previous: string | null }> {
  const aliases = await aliasesOf(ledger);
  const previous = aliases.get("previous") ?? null;
  const champion = aliases.get("champion") ?? null;
  if (previous === null)
    throw new CommandError("there is no previous champion to go back to: see 'mrdata models list'");
  assertFits(previous, (await publishedVersion(previous, models)).card, windowMs);
  await pausePromotion(ledger, `${champion ?? "no champion"} was rolled back to ${previous}`, now);
  await assertUnchanged(champion, ledger);
  await ledger.promote(previous);
  return { champion: previous, previous: champion };
}

/** Removes the champion and pauses automatic promotion as `rollBack` does. Returns the former champion. Throws CommandError if there was none. */
export async function demoteChampion({ ledger }: Pick<Opened, "ledger">, now: number): Promise<string> {
  const champion = await ledger.alias("champion");
  if (champion === null)
    throw new CommandError("there is no champion: the alert type's own rate stands in already");
  await pausePromotion(ledger, `${champion} was demoted`, now);
  await assertUnchanged(champion, ledger);
  await ledger.demote();
  return champion;
}

const pausePromotion = (ledger: Opened["ledger"], why: string, at: number) =>
  ledger.training.changeState((state) => ({ ...state, paused: { at, why } }));

/** Throws CommandError if a training promoted a version between the read and the pause; after the pause none does. */
async function assertUnchanged(champion: string | null, ledger: Opened["ledger"]): Promise<void> {
  const now = await ledger.alias("champion");
  if (now !== champion)
    throw new CommandError(
      `${now ?? "none"} became champion meanwhile, in place of ${champion ?? "none"}, and stays: look at it, and say it again where it is to go, too. No version becomes champion by itself from now on, until 'mrdata models resume'`,
    );
}
