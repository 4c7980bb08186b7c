import { ModelRefusedError, readVersion } from "@mrdata/learning";
import type { Ledger, ModelStore } from "@mrdata/platform";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** A published version, as far as making it champion is concerned. */
export type Candidate = {
  readonly version: string;
  /** Holds from this probability on; null: never. */
  readonly threshold: number | null;
};

/**
 * Makes a version champion. A version that holds nothing does not take the place of a champion that holds: every page
 * that is spared today would come again. Throws CommandError that says so, unless `holdingNothing` is wanted.
 */
export async function promoteVersion(
  ledger: Pick<Ledger, "alias" | "promote">,
  models: Pick<ModelStore, "read">,
  { version, threshold }: Candidate,
  holdingNothing: boolean,
): Promise<void> {
  const champion = await ledger.alias("champion");
  const loses =
    threshold === null && !holdingNothing && champion !== null && champion !== version
      ? await holds(models, champion)
      : false;
  if (loses)
    throw new CommandError(
      `${version} holds nothing, and the champion ${champion} does: it stays champion. If nothing is to be held any more, 'mrdata models promote ${version} --holding-nothing'`,
      exitCodes.unhealthy,
    );
  await ledger.promote(version);
}

/** Whether a published version holds anything at all; one that cannot be used does not. */
async function holds(models: Pick<ModelStore, "read">, version: string): Promise<boolean> {
  try {
    return (await readVersion((file) => models.read(version, file))).card.threshold !== null;
  } catch (error) {
    if (error instanceof ModelRefusedError) return false;
    throw error;
  }
}
