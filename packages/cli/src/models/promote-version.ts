import { ModelRefusedError, readVersion } from "@mrdata/learning";
import type { Ledger, ModelStore } from "@mrdata/platform";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** A published version, as far as making it champion is concerned. */
export type Candidate = {
  readonly version: string;
  /** Holds from this probability on; null: never. */
  readonly threshold: number | null;
  /** What is too good to be true about it. */
  readonly suspicions: readonly string[];
};

export type PromoteWishes = {
  /** It may be champion and hold nothing. */
  readonly evenSo: boolean;
  /** Whoever promotes it knows of what is suspect: a person at the command line says so, nothing that runs by itself. */
  readonly iKnow: boolean;
};

/**
 * Makes a version champion. A version that holds nothing is none: without a champion the alert's own rate holds where it is
 * certified, and in the place of a champion that holds, every page that is spared today would come again. One that is too
 * good to be true is none until somebody says that they know.
 * Throws CommandError that says so.
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

/** Whether a published version holds anything at all; one that cannot be used does not. */
async function holds(models: Pick<ModelStore, "read">, version: string): Promise<boolean> {
  try {
    return (await readVersion((file) => models.read(version, file))).card.threshold !== null;
  } catch (error) {
    if (error instanceof ModelRefusedError) return false;
    throw error;
  }
}
