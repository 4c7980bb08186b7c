export { type AgeWeighted, ageWeightedSentence } from "./age-weighted.ts";
export * from "./backtest.ts";
export * from "./backtest-figures.ts";
export {
  type Chance,
  chanceOf,
  type LevelCounts,
  lowerBoundOf,
  meanOfChance,
  USUAL_LIKENESS,
} from "./beta-binomial.ts";
export type { Estimate } from "./bootstrap.ts";
export * from "./certificate.ts";
export { type CertificateWanted, certificateShortfall } from "./certificate-covers.ts";
export * from "./certified-choice.ts";
export { chooseOnPast, outOfSamplePredictions, type Predicted } from "./choose-on-past.ts";
export { assertBudget, budgetProblem, upperBound } from "./clopper-pearson.ts";
export { columnWords, umlautsFolded } from "./column-words.ts";
export type { CoveragePoint } from "./coverage-curve.ts";
export { chooseColumns, type DetailColumns, detailColumns, pickDetails } from "./detail-columns.ts";
export { unlikeLearnt } from "./detail-presence.ts";
export { type CalibrationDrift, calibrationDrift } from "./drift/calibration-drift.ts";
export { type ChangedShare, changedShare } from "./drift/changed-share.ts";
export * from "./equal-harm.ts";
export type { UnsealedVersion } from "./fallback-version.ts";
export * from "./family-belief.ts";
export {
  FEATURE_SCHEMA,
  type Feature,
  featuresOf,
  featureTable,
  LEARNT_NAME,
  placeAmong,
  type Situation,
  VALUE_EFFECT,
} from "./feature-table.ts";
export { fitTitleComponents } from "./fit-title-components.ts";
export { effectColumn } from "./fit-value-effects.ts";
export * from "./forecast.ts";
export { type GroupFigures, type HoldFigures, nightOrDay } from "./group-figures.ts";
export { historicalRate } from "./historical-rate.ts";
export * from "./hold-choices.ts";
export { certificateOfBacktest } from "./hold-from.ts";
export { type Interval, intervalOf, wilsonInterval } from "./interval.ts";
export type { DoneRefit, IssuedPredictions, ScoredIncident } from "./issue-predictions.ts";
export { isKnownAfterwards } from "./known-afterwards.ts";
export { type Block, blocksOf, type LabelledRows, labelledRows } from "./labelled-rows.ts";
export * from "./last-month.ts";
export type { LeftOutColumn } from "./leaks/leaks-among.ts";
export * from "./learner-settings.ts";
export {
  type Learner,
  learners,
  ofEach,
  type TrainedLearner,
  trainedLearners,
  trainLearner,
} from "./learners.ts";
export { outsideOf } from "./learnt-range.ts";
export { featuresLearntWith, learntWithVersion } from "./learnt-with-version.ts";
export type { LevelsOfPast } from "./levels-of-past.ts";
export { type ModelCard, modelCard } from "./model-card.ts";
export * from "./model-version.ts";
export { learntNameColumn } from "./names/learnt-name-column.ts";
export { type LearntName, type LearntNames, learntNameIn, whyLearnt } from "./names/learnt-names.ts";
export { about, needsSentence } from "./needs-sentence.ts";
export { partsOfPast } from "./parts-of-past.ts";
export { rowOfPast } from "./past-row.ts";
export { probabilityOf } from "./probability-of.ts";
export { type Fallback, readFallback } from "./read-fallback.ts";
export * from "./read-past-incident.ts";
export { type Moved, reasonsOf } from "./reasons.ts";
export { fitBlock, type RefitAnswers, type RefitJob, refit } from "./refit.ts";
export { organisationCounts, organisationCountsAt, type Replay, replayHistory, rowOf } from "./replay.ts";
export { type ServedModel, servedModel } from "./served-model.ts";
export { type ServiceSituation, serviceReplay } from "./service-replay.ts";
export { suspicionRemark, suspicionsOf } from "./suspicions.ts";
export { chooseThreshold, type LabelledPrediction, type ThresholdRule, usualRule } from "./threshold.ts";
export {
  componentColumns,
  componentsOf,
  type TitleComponents,
} from "./title-components.ts";
export { type TitleWords, titleWordsOf } from "./title-words.ts";
export * from "./train-version.ts";
export { type CensoredWay, censoredWays, usualCensoredWay } from "./training-rows.ts";
export type { Valued, ValueEffects } from "./value-effects.ts";
export { type Verified, verifyCertificates } from "./verify-certificate.ts";
export { type WindowRow, windowRowSchema } from "./window-row.ts";
export {
  lastKnownAt,
  roughRefits,
  TABLE_WINDOWS,
  type TriedWindow,
  triedWindows,
  windowRow,
  windowRows,
  windowTable,
} from "./window-table.ts";
