import type { BacktestFigures } from "@mrdata/learning";

type Figures = Pick<BacktestFigures, "auc" | "brier" | "baseRate" | "coverage"> & {
  readonly baselines: { readonly ownRate: { readonly brier: number } };
};

/** Remarks that a reader of the figures must not overlook. */
export function remarksOn({ auc, brier, baseRate, coverage, baselines }: Figures): readonly string[] {
  if (baseRate === 0)
    return [
      "Every incident that was scored needed a human: there is nothing to hold. Leave the bot in shadow.",
    ];
  if (baseRate === 1)
    return [
      "No incident that was scored needed a human: nothing shows what a hold would delay, and nothing can be certified. Leave the bot in shadow.",
    ];
  if (auc.low <= 0.5)
    return [
      "There is nothing to learn in this history: its interval of the AUC reaches .5. Leave the bot in shadow.",
    ];
  return [
    ...(coverage === 0 ? ["No past prediction was sure enough: nothing would have been held."] : []),
    ...(baselines.ownRate.brier <= brier.value
      ? ["The alert type's own rate is as good here. Without a champion the bot goes by it."]
      : []),
  ];
}
