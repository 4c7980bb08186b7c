import type { ReportIncident } from "./report-data.ts";
import type { Period } from "./times.ts";

/** The figures of a period. */
export type PeriodFigures = {
  readonly incidents: number;
  /** Held on armed services and self-resolved: nobody was paged. */
  readonly spared: readonly ReportIncident[];
  /** Held on armed services although they needed a human: paged late. */
  readonly late: readonly ReportIncident[];
  /** Would have been held, but were paged to learn from it. */
  readonly controls: readonly ReportIncident[];
  /** Paged, or left to people on services that are not armed. */
  readonly paged: number;
  /** On services that are not armed: pages that the bot would have spared and delayed. */
  readonly wouldSpare: number;
  readonly wouldDelay: number;
};

export const within = <T extends { readonly openedAt: number }>(
  all: readonly T[],
  { from, to }: Period,
): readonly T[] => all.filter(({ openedAt }) => openedAt >= from && openedAt < to);

/** Computes the figures of the incidents that opened in the period. */
export function figuresOf(all: readonly ReportIncident[], period: Period): PeriodFigures {
  const some = within(all, period);
  const held = some.filter(({ mode, decision }) => mode === "armed" && decision === "hold");
  const unarmed = some.filter(({ mode }) => mode !== "armed");
  return {
    incidents: some.length,
    spared: held.filter(({ result }) => result === "hit"),
    late: held.filter(({ result }) => result === "miss"),
    controls: some.filter(({ result }) => result === "control"),
    paged: some.length - held.length,
    wouldSpare: unarmed.filter(({ result }) => result === "hit").length,
    wouldDelay: unarmed.filter(({ result }) => result === "miss").length,
  };
}
