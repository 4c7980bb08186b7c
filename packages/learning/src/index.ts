export * from "./backtest.ts";
export * from "./backtest-figures.ts";
export {
  type DetailColumns,
  type Feature,
  featuresOf,
  featureTable,
  type Situation,
} from "./feature-table.ts";
export * from "./past-incident.ts";
export * from "./read-past-incident.ts";
export { detailColumns, type Row, replayHistory } from "./replay.ts";
export { chooseThreshold, type Issued } from "./threshold.ts";
