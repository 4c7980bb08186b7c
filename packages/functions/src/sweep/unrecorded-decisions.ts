import type { Prediction } from "@mrdata/incident";
import type { Ledger } from "@mrdata/platform";

/** Decisions on incidents that were paged while the ledger failed; they are written once it answers. */
export type UnrecordedDecisions = {
  add(decision: Prediction): void;
  /** Writes the remaining decisions. Rejects with the ledger's failure; what could not be written is kept. */
  write(): Promise<void>;
};

/** At most this many are kept in memory: the oldest are dropped. */
const MAX_KEPT = 5_000;

export function createUnrecordedDecisions({
  ledger,
}: {
  readonly ledger: Pick<Ledger, "createPrediction">;
}): UnrecordedDecisions {
  const kept = new Map<string, Prediction>();
  return {
    add(decision) {
      kept.set(decision.incident, decision);
      const [oldest] = kept.keys();
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    },
    async write() {
      for (const [incident, decision] of kept) {
        await ledger.createPrediction(decision);
        kept.delete(incident);
      }
    },
  };
}
