import { type ModelCard, readVersion } from "@mrdata/learning";
import type { Clock, ModelStore } from "@mrdata/platform";

/** The card of a version whose files are all there and sound. Throws ModelRefusedError, and what the store throws. */
export type VerifiedModelCard = (version: string) => Promise<ModelCard>;

/** For so long a version is taken to be as it was found, unless its card has changed, milliseconds. */
const REVERIFY_AFTER_MS = 3_600_000;

type Found = {
  readonly version: string;
  readonly bytes: Uint8Array;
  readonly card: ModelCard;
  readonly at: number;
};

/**
 * A model has up to 250 MB and the checks come every quarter of an hour: the card is read each time, and the rest where
 * the card is another than the time before, and once an hour.
 */
export function verifiedModelCards(
  models: Pick<ModelStore, "read">,
  clock: Pick<Clock, "now">,
): VerifiedModelCard {
  let found: Found | null = null;
  return async (version) => {
    const bytes = await models.read(version, "card.json");
    const now = clock.now();
    const known = found?.version === version && now - found.at < REVERIFY_AFTER_MS ? found : null;
    if (known !== null && bytes !== null && Buffer.compare(known.bytes, bytes) === 0) return known.card;
    found = null;
    const { card } = await readVersion(async (file) =>
      file === "card.json" ? bytes : models.read(version, file),
    );
    if (bytes !== null) found = { version, bytes, card, at: now };
    return card;
  };
}
