import { outOfRange } from "@mrdata/base";
import { scoreAll } from "@mrdata/forest";
import type { Backtest } from "./backtest.ts";
import { backtestFigures } from "./backtest-figures.ts";
import type { CertificateRule, CertifyingRow } from "./certificate.ts";
import { featurePlace, featureTable } from "./feature-table.ts";
import { HISTORICAL_RATE } from "./historical-rate.ts";
import { holdFrom } from "./hold-from.ts";
import type { ModelCard } from "./model-card.ts";
import { type ModelVersion, realRows } from "./model-version.ts";
import type { LearntNames } from "./names/learnt-names.ts";
import { historicalRateModel } from "./own-rate.ts";
import { suspicionsOf } from "./suspicions.ts";
import type { ThresholdRule } from "./threshold.ts";

/** A version before it is sealed. */
export type UnsealedVersion = Omit<ModelVersion, "card"> & { readonly card: Omit<ModelCard, "files"> };

const NO_DETAILS = { numbers: [], texts: [] } as const;
const PLACE = featurePlace(HISTORICAL_RATE);

export type FallbackOptions = {
  /** The historical rate's predictions on the certifying rows. */
  readonly rates: readonly CertifyingRow[];
  readonly rule: ThresholdRule;
  readonly certificateRule: CertificateRule;
  /** The card of the version that was trained on the same history. */
  readonly card: Omit<ModelCard, "files">;
  /** What was learnt of names on that history. */
  readonly learntNames?: LearntNames | undefined;
};

/**
 * The alert type's historical rate as a version of its own, certified the same way on the same days: for a trained
 * version without a certificate. Null where it has none either, or where it predicts no better than a coin.
 */
export function fallbackVersion(
  { scored }: Pick<Backtest, "scored">,
  { rates, rule, certificateRule, card, learntNames }: FallbackOptions,
): UnsealedVersion | null {
  const features = featureTable(NO_DETAILS).length;
  const asSeen = Float32Array.from(rates, ({ probability }) => probability);
  const model = historicalRateModel(features, asSeen);
  const none = new Float32Array(rates.length).fill(Number.NaN);
  const columns = Array.from({ length: features }, (_, place) => (place === PLACE ? asSeen : none));
  const answers = scoreAll(model, columns);
  const rows = rates.map((row, i) => ({ ...row, probability: answers[i] ?? outOfRange() }));
  const figures = backtestFigures(
    scored.map(({ rate, rateHold, ...one }) => {
      const holdBy = { certified: rateHold, halfBudget: rateHold, point: rateHold };
      return { ...one, rate, rateHold, probability: rate, hold: rateHold, holdBy };
    }),
    { seed: card.seed },
  );
  const held = holdFrom(rows, rows, { ...rule, missBudget: certificateRule.budget }, certificateRule);
  if (held.certificate === null || figures.auc.low <= 0.5) return null;
  return {
    model,
    calibration: { kind: "identity" },
    past: rows.map(({ probability }) => Number(probability.toFixed(4))).sort((a, b) => a - b),
    details: NO_DETAILS,
    learntNames,
    certifying: { version: realRows(rows), fallback: realRows(rates) },
    card: {
      ...card,
      learner: "historical-rate",
      threshold: held.threshold,
      certificate: held.certificate,
      ageWeighted: held.ageWeighted,
      certificateDays: certificateRule.days,
      remark: null,
      suspicions: suspicionsOf(figures, held.threshold),
      columnsLeftOut: [],
      columnsKept: [],
      windows: undefined,
      figures,
    },
  };
}
