import { type ModelCard, readVersion } from "@mrdata/learning";
import type { Clock, ModelStore } from "@mrdata/platform";

/** Reads the card of a version after verifying all its files. Throws ModelRefusedError, and whatever the store throws. */
export type VerifiedModelCard = (version: string) => Promise<ModelCard>;

/** How long a verification counts, unless the card changes. */
const REVERIFY_AFTER_MS = 3_600_000;

type VerifiedCard = {
  readonly version: string;
  readonly bytes: Uint8Array;
  readonly card: ModelCard;
  readonly at: number;
};

/**
 * A model has up to 250 MB and the checks run every quarter of an hour: the card is read each time, the other files only if the card has
 * changed, and once an hour.
 */
export function verifiedModelCards(
  models: Pick<ModelStore, "read">,
  clock: Pick<Clock, "now">,
): VerifiedModelCard {
  let verified: VerifiedCard | null = null;
  return async (version) => {
    const bytes = await models.read(version, "card.json");
    const now = clock.now();
    const known = verified?.version === version && now - verified.at < REVERIFY_AFTER_MS ? verified : null;
    if (known !== null && bytes !== null && Buffer.compare(known.bytes, bytes) === 0) return known.card;
    verified = null;
    const { card } = await readVersion(async (file) =>
      file === "card.json" ? bytes : models.read(version, file),
    );
    if (bytes !== null) verified = { version, bytes, card, at: now };
    return card;
  };
}
