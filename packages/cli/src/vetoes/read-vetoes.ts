import { readFeedback } from "@mrdata/functions";
import type { Ledger } from "@mrdata/platform";

/** An alarm that a note forbids to hold. `at`: milliseconds since the epoch. */
export type Veto = {
  /** The incident with the note. */
  readonly incident: string;
  /** Null if the incident has expired from the ledger. */
  readonly service: string | null;
  readonly title: string | null;
  readonly who: string | null;
  readonly at: number;
  /** Whether this alarm is still not held: a later 'ok to hold' lifts the veto. */
  readonly inForce: boolean;
};

/** The vetoes from people's notes, newest first: one per note, under however many names it is stored. */
export async function readVetoes(
  ledger: Pick<Ledger, "keptFeedback" | "alertTypeFeedback" | "incident">,
): Promise<readonly Veto[]> {
  const forbids = (await ledger.keptFeedback()).filter(({ allowed }) => !allowed);
  const notes = new Map(forbids.map((veto) => [`${veto.incident} ${veto.at}`, veto]));
  const vetoes = await Promise.all(
    [...notes.values()].map(async ({ incident, who, at }): Promise<Veto> => {
      const state = (await ledger.incident(incident))?.state ?? null;
      const { service, title } = state ?? { service: null, title: null };
      const inForce =
        service === null || title === null
          ? true
          : (await readFeedback(ledger, service, title)).hold?.allowed === false;
      return { incident, service, title, who, at, inForce };
    }),
  );
  return vetoes.toSorted((a, b) => b.at - a.at);
}
