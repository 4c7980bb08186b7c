import type { Ledger, Settings } from "@mrdata/platform";
import type { ReportBudget } from "@mrdata/report";
import { budgetEvidence, budgetSentence, budgetState, type RealIncident } from "@mrdata/responder";
import { readMisses } from "../sweep/budget.ts";

/** Maximum number of points drawn. */
const MAX_POINTS = 60;

/** The state of the miss budget at `now`, with services by name. */
export async function readReportBudget(
  ledger: Pick<Ledger, "missCounts" | "missTrail">,
  settings: Settings,
  { now, nameOf }: { readonly now: number; readonly nameOf: (service: string) => string },
): Promise<ReportBudget> {
  const misses = await readMisses(ledger, settings, now);
  const state = budgetState(misses, settings.missBudget, now);
  const { spent, warning, exceeded, evidence } = state;
  return {
    sentence: budgetSentence({ ...state, services: state.services.map(nameOf) }),
    spent,
    warning,
    exceeded,
    evidence,
    line: evidenceLine(misses.trail, settings.missBudget),
  };
}

/** The evidence after each incident, thinned to about sixty points including the last. */
export function evidenceLine(trail: readonly RealIncident[], budget: number): ReportBudget["line"] {
  const sorted = trail.toSorted((a, b) => a.openedAt - b.openedAt);
  const step = Math.max(1, Math.ceil(sorted.length / MAX_POINTS));
  return sorted.flatMap(({ openedAt }, i) => {
    if ((sorted.length - 1 - i) % step !== 0) return [];
    const evidence = budgetEvidence(sorted.slice(0, i + 1), budget);
    return evidence === null ? [] : [{ at: openedAt, evidence: evidence.evidence }];
  });
}
