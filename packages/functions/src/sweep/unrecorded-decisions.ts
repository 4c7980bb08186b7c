import type { Prediction } from "@mrdata/incident";
import type { Ledger } from "@mrdata/platform";

/** Decisions on incidents that were paged while the ledger failed: they are written when it answers. */
export type UnrecordedDecisions = {
  add(decision: Prediction): void;
  /** Writes what is left over. Rejects with the ledger's failure; what could not be written is kept. */
  write(): Promise<void>;
};

/** More than these are not kept in memory: the oldest are given up. */
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
