import {
  ageWeightedSentence,
  certificateSentence,
  type ModelCard,
  type TrainedVersion,
} from "@mrdata/learning";

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A summary of a trained version, wherever it was trained. `onPast`: null if not known. */
export function trainedLines(
  card: Omit<ModelCard, "files">,
  onPast: TrainedVersion["onPast"],
): readonly string[] {
  const { figures, threshold } = card;
  const { auc, brier } = figures;
  const past =
    onPast === null
      ? ""
      : `: of ${onPast.predictions} past predictions, pages spared ${percent(onPast.pagesSpared)}, real ones delayed ${percent(onPast.realDelayed)}`;
  return [
    `  learnt from ${card.incidents} incidents of ${card.services} services, ${card.from.slice(0, 10)} to ${card.to.slice(0, 10)}, by ${card.learner}`,
    `  on its own past: AUC ${auc.value.toFixed(3)} (${auc.low.toFixed(3)} to ${auc.high.toFixed(3)}), Brier ${brier.value.toFixed(3)}`,
    threshold === null
      ? `  ${card.remark ?? "It holds nothing."}`
      : `  holds from ${percent(threshold)} on${past}`,
    ...(card.certificate === null ? [] : [`  ${certificateSentence(card.certificate)}`]),
    ...(card.ageWeighted === undefined ? [] : [`  ${ageWeightedSentence(card.ageWeighted)}`]),
  ];
}
