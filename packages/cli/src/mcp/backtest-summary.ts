import { certificateSentence, ModelRefusedError, readCard } from "@mrdata/learning";
import type { ModelStore } from "@mrdata/platform";

/** The champion's figures on past incidents and its promise, or the reason why there are none. */
export async function backtestSummary(
  models: Pick<ModelStore, "read">,
  champion: string | null,
): Promise<Readonly<Record<string, unknown>>> {
  if (champion === null) return { champion, reason: "There is no champion: the alert's own rate stands in." };
  try {
    const { figures, certificate, threshold, window, trainedAt, learner, incidents, from, to } =
      await readCard((file) => models.read(champion, file));
    const { scored, baseRate, pagesSpared, realDelayed, precision, auc, brier, baselines } = figures;
    return {
      champion,
      trainedAt,
      learner,
      windowSeconds: window,
      threshold,
      learntFrom: { incidents, from, to },
      scored,
      selfResolvedShare: baseRate,
      pagesSparedShare: pagesSpared,
      realDelayedShare: realDelayed,
      heldAndRightShare: precision,
      auc,
      brier,
      baselines: {
        historicalRate: baselines.ownRate,
        fixedDelay: baselines.fixedDelay,
      },
      promise: certificate === null ? null : certificateSentence(certificate),
    };
  } catch (error) {
    if (error instanceof ModelRefusedError) return { champion, reason: error.message };
    throw error;
  }
}
