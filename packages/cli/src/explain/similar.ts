import { outOfRange } from "@mrdata/base";
import type { IncidentState, Outcome } from "@mrdata/incident";
import { type Ledger, type OutcomeBy, outcomeAt } from "@mrdata/platform";
import { readableOf } from "../incident-of.ts";

export type SimilarIncident = {
  readonly incident: string;
  readonly title: string | null;
  /** ISO 8601. */
  readonly openedAt: string;
  /** Seconds for which it was open; null while it still is. */
  readonly lasted: number | null;
  readonly outcome: Outcome | null;
};

const MAX_SIMILAR = 5;

/** The most recent earlier incidents of the same alert type. */
export async function similarTo(
  ledger: Pick<Ledger, "incident" | "incidentsOfAlertType">,
  { alertType, openedAt }: IncidentState,
  by: OutcomeBy & { readonly now: number },
): Promise<readonly SimilarIncident[]> {
  if (alertType === null || openedAt === null) return [];
  const states = await ledger.incidentsOfAlertType(alertType, { before: openedAt, limit: MAX_SIMILAR });
  return Promise.all(
    states.map(async (state) => {
      const { decided } = await outcomeAt(readableOf(ledger), state.incident, by);
      return {
        incident: state.incident,
        title: state.title,
        openedAt: new Date(state.openedAt ?? outOfRange()).toISOString(),
        lasted:
          state.closedAt === null || state.openedAt === null
            ? null
            : (state.closedAt - state.openedAt) / 1000,
        outcome: decided?.outcome ?? null,
      };
    }),
  );
}
