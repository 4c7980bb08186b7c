import { certificateShortfall, type ModelCard } from "@mrdata/learning";
import { type Ledger, UnreadableDocumentError } from "@mrdata/platform";

/**
 * Why a new champion holds nothing on an armed service, and what to do: its certificate does not cover the current settings. Null if it
 * does, if the version holds nothing anyway, and if the settings cannot be read, as then nothing is held at all.
 */
export async function shortfallSentence(
  version: string,
  { threshold, certificate }: Pick<ModelCard, "threshold" | "certificate">,
  ledger: Pick<Ledger, "settings">,
): Promise<string | null> {
  if (threshold === null) return null;
  try {
    const { missBudget: budget, certificate: set } = await ledger.settings();
    const shortfall = certificateShortfall(certificate, { budget, delta: set.delta });
    return shortfall === null
      ? null
      : `${version} ${shortfall}: on an armed service nothing is held by it. A version that is certified for what is set: mrdata train --promote`;
  } catch (error) {
    if (error instanceof UnreadableDocumentError) return null;
    throw error;
  }
}
