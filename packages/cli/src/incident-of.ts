import { type Ledger, UnreadableDocumentError } from "@mrdata/platform";
import { sayUnreadable } from "./telling.ts";

/** Null too where it cannot be read: then nobody knows how it ended. */
export async function incidentOf(ledger: Pick<Ledger, "incident">, incident: string) {
  try {
    return await ledger.incident(incident);
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    sayUnreadable(error);
    return null;
  }
}

/** A ledger of incidents that says what cannot be read, and of which nobody knows then how it ended. */
export const readableOf = (ledger: Pick<Ledger, "incident">): Pick<Ledger, "incident"> => ({
  incident: (id) => incidentOf(ledger, id),
});

/** Null too where it cannot be read: such an incident is paged. */
export async function predictionOf(ledger: Pick<Ledger, "prediction">, incident: string) {
  try {
    return await ledger.prediction(incident);
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    sayUnreadable(error);
    return null;
  }
}
