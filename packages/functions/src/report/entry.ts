import { contextFromProcess, openLedger, openModels, toFramework } from "@mrdata/runtime";
import { buildReport } from "./build-report.ts";

export const report = toFramework(() =>
  buildReport(contextFromProcess({ ledger: openLedger, models: openModels })),
);
