export * from "./organisation/index.ts";
export * from "./pagerduty/index.ts";
