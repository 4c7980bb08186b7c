export * from "./pagerduty/index.ts";
