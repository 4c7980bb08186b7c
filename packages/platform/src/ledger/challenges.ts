import { z } from "zod";
import type { DocumentStore } from "../document-store.ts";
import { decode, decodeEach, type SetAside } from "./decode.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";

const challengeDocument = z.object({
  incident: z.string(),
  /** The challenger's version and its probability of self-resolving. It had no influence on the decision. */
  version: z.string(),
  probability: z.number(),
  /** When the incident opened, milliseconds since the epoch. */
  openedAt: z.number(),
});
/** The challenger's prediction for an incident that the champion decided on. */
export type Challenge = z.infer<typeof challengeDocument>;

/** Predictions of the challenger, which runs alongside the champion without deciding. */
export type Challenges = {
  /** Stores the challenger's prediction for an incident; the latest one is kept. */
  noteChallenge(challenge: Challenge): Promise<void>;
  /** Newest first, for incidents that opened at or after `since` (milliseconds since the epoch). */
  challenges(options: { readonly since: number; readonly limit: number }): Promise<readonly Challenge[]>;
};

export const challengesIn = (store: DocumentStore, setAside: SetAside): Challenges => ({
  noteChallenge: (challenge) => store.set(paths.challenge(challenge.incident), { ...challenge }),
  async challenges({ since, limit }) {
    const documents = await store.query(queryOf("challengesSince", paths.challenges, [since], limit));
    return decodeEach(documents, (document) => decode(challengeDocument, document), setAside);
  },
});
