import {
  contextFromProcess,
  openBus,
  openHistory,
  openLedger,
  openModels,
  openResults,
  toFramework,
} from "@mrdata/runtime";
import { buildLearn } from "./build-learn.ts";

export const learn = toFramework(() =>
  buildLearn(
    contextFromProcess({
      bus: openBus,
      ledger: openLedger,
      models: openModels,
      results: openResults,
      history: openHistory,
    }),
  ),
);
