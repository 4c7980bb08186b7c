import type { AlertTypeFeedback } from "@mrdata/incident";
import { z } from "zod";
import type { DocumentStore } from "../document-store.ts";
import { decode, readOrNull, type SetAside } from "./decode.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";

/** People's notes on whether an alert type may be held. */
export type KeptFeedback = {
  alertTypeFeedback(alertType: string): Promise<AlertTypeFeedback>;
  /** All stored feedback, for every alert type. Unreadable documents are skipped. */
  keptFeedback(): Promise<readonly NonNullable<AlertTypeFeedback["hold"]>[]>;
  /** The latest note wins, in whatever order they arrive. */
  noteFeedback(alertType: string, hold: NonNullable<AlertTypeFeedback["hold"]>): Promise<void>;
};

const feedbackDocument = z.object({
  hold: z
    .object({ allowed: z.boolean(), who: z.string().nullable(), at: z.number(), incident: z.string() })
    .nullable(),
});

/**
 * The later note wins; at a tie the more cautious one; between two identical ones at the same moment always the same one, so that
 * the order of arrival does not matter.
 */
function outweighs(
  hold: NonNullable<AlertTypeFeedback["hold"]>,
  before: NonNullable<AlertTypeFeedback["hold"]>,
): boolean {
  if (hold.at !== before.at) return hold.at > before.at;
  if (hold.allowed !== before.allowed) return !hold.allowed;
  return `${hold.incident} ${hold.who}` < `${before.incident} ${before.who}`;
}

export const feedbackIn = (store: DocumentStore, setAside: SetAside): KeptFeedback => ({
  async alertTypeFeedback(alertType) {
    const document = await store.get(paths.feedback(alertType));
    return document === null ? { hold: null } : decode(feedbackDocument, document);
  },
  async keptFeedback() {
    const documents = await store.query(queryOf("feedbackKept", paths.feedbacks, []));
    return documents.flatMap((document) => {
      const hold = readOrNull(() => decode(feedbackDocument, document).hold, setAside);
      return hold === null ? [] : [hold];
    });
  },
  noteFeedback: (alertType, hold) =>
    store.transaction(async (transaction) => {
      const document = await transaction.get(paths.feedback(alertType));
      const before = document === null ? null : decode(feedbackDocument, document).hold;
      if (before === null || outweighs(hold, before))
        transaction.set(paths.feedback(alertType), { hold: { ...hold } });
    }),
});
