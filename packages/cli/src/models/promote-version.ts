import { ModelRefusedError, readVersion } from "@mrdata/learning";
import type { Ledger, ModelStore } from "@mrdata/platform";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** The facts about a published version that decide whether it may be promoted. */
export type Candidate = {
  readonly version: string;
  /** Holds from this probability on; null: never. */
  readonly threshold: number | null;
  /** What looks too good to be true. */
  readonly suspicions: readonly string[];
};

export type PromoteWishes = {
  /** Promote even if it holds nothing. */
  readonly evenSo: boolean;
  /** Promote in spite of suspicions: only a person at the command line may say so, never an automatic training. */
  readonly iKnow: boolean;
};

/**
 * Makes a version champion. Throws CommandError for a version that holds nothing, unless `evenSo`: without a champion the alert type's
 * historical rate holds where it is certified, and replacing a champion that holds would bring back every page spared today. Throws
 * CommandError for a version that looks too good to be true, unless `iKnow`.
 */
export async function promoteVersion(
  ledger: Pick<Ledger, "alias" | "promote">,
  models: Pick<ModelStore, "read">,
  { version, threshold, suspicions }: Candidate,
  { evenSo, iKnow }: PromoteWishes,
): Promise<void> {
  if (suspicions.length > 0 && !iKnow)
    throw new CommandError(
      `${version} is suspect, and not champion: ${suspicions.join(" ")} It may look at something that is only known when an incident is over. Where you know why it is so good: 'mrdata models promote ${version} --i-know'`,
      exitCodes.unhealthy,
    );
  const champion = await ledger.alias("champion");
  if (threshold === null && !evenSo && champion !== version) {
    const stays =
      champion === null
        ? "there is no champion, and the alert type's own rate stands in"
        : (await holds(models, champion))
          ? `the champion ${champion} does: it stays champion`
          : `it is no better than the champion ${champion}, which stays`;
    throw new CommandError(
      `${version} holds nothing, and ${stays}. If nothing is to be held all the same: 'mrdata models promote ${version} --even-so'`,
      exitCodes.unhealthy,
    );
  }
  await ledger.promote(version);
}

/** Whether a published version holds anything; one that is refused does not. */
async function holds(models: Pick<ModelStore, "read">, version: string): Promise<boolean> {
  try {
    return (await readVersion((file) => models.read(version, file))).card.threshold !== null;
  } catch (error) {
    if (error instanceof ModelRefusedError) return false;
    throw error;
  }
}
