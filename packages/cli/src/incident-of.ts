import { type Ledger, UnreadableDocumentError } from "@mrdata/platform";
import { warnUnreadable } from "./warnings.ts";

/** Also null, with a message, if the document cannot be read: its outcome is then unknown. */
export async function incidentOf(ledger: Pick<Ledger, "incident">, incident: string) {
  try {
    return await ledger.incident(incident);
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    warnUnreadable(error);
    return null;
  }
}

/** A view of the ledger in which unreadable incidents are reported and missing. */
export const readableOf = (ledger: Pick<Ledger, "incident">): Pick<Ledger, "incident"> => ({
  incident: (id) => incidentOf(ledger, id),
});

/** Also null, with a message, if the document cannot be read: such an incident is paged. */
export async function predictionOf(ledger: Pick<Ledger, "prediction">, incident: string) {
  try {
    return await ledger.prediction(incident);
  } catch (error) {
    if (!(error instanceof UnreadableDocumentError)) throw error;
    warnUnreadable(error);
    return null;
  }
}
