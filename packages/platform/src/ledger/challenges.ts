import { z } from "zod";
import type { DocumentStore } from "../document-store.ts";
import { decode, decodeEach, type SetAside } from "./decode.ts";
import { paths } from "./paths.ts";
import { queryOf } from "./queries.ts";

const challengeDocument = z.object({
  incident: z.string(),
  /** The version that was challenger, and its probability of self-resolving. It decided nothing. */
  version: z.string(),
  probability: z.number(),
  /** When the incident opened, milliseconds since the epoch. */
  openedAt: z.number(),
});
/** What the challenger said of an incident that the champion decided on. */
export type Challenge = z.infer<typeof challengeDocument>;

/** What a version that decides nothing said beside the champion. */
export type Challenges = {
  /** Notes what the challenger said of an incident; what it said last stands. */
  noteChallenge(challenge: Challenge): Promise<void>;
  /** The newest first, of incidents that opened at or after `since` (milliseconds since the epoch). */
  challenges(options: { readonly since: number; readonly limit: number }): Promise<readonly Challenge[]>;
};

export const challengesIn = (store: DocumentStore, setAside: SetAside): Challenges => ({
  noteChallenge: (challenge) => store.set(paths.challenge(challenge.incident), { ...challenge }),
  async challenges({ since, limit }) {
    const documents = await store.query(queryOf("challengesSince", paths.challenges, [since], limit));
    return decodeEach(documents, (document) => decode(challengeDocument, document), setAside);
  },
});
