export * from "./backtest.ts";
export * from "./backtest-figures.ts";
export { chooseOnPast } from "./choose-on-past.ts";
export { type DetailColumns, detailColumns } from "./detail-columns.ts";
export { type Feature, featuresOf, featureTable, type Situation } from "./feature-table.ts";
export type { Learner } from "./learners.ts";
export * from "./read-past-incident.ts";
export { numbersAmong, type Replay, replayHistory, rowOf } from "./replay.ts";
export { chooseThreshold, type Issued, type ThresholdRule, usualRule } from "./threshold.ts";
