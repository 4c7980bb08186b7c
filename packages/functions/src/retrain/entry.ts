import {
  contextFromProcess,
  openBus,
  openHistory,
  openLedger,
  openModels,
  toFramework,
} from "@mrdata/runtime";
import { buildRetrain } from "./build-retrain.ts";

export const retrain = toFramework(() =>
  buildRetrain(
    contextFromProcess({ bus: openBus, ledger: openLedger, models: openModels, history: openHistory }),
  ),
);
