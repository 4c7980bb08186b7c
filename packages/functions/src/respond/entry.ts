import {
  contextFromProcess,
  openBus,
  openEndpoint,
  openLedger,
  openModels,
  openSecrets,
  toFramework,
} from "@mrdata/runtime";
import { buildRespond } from "./build-respond.ts";

export const respond = toFramework(() =>
  buildRespond(
    contextFromProcess({
      bus: openBus,
      ledger: openLedger,
      secrets: openSecrets,
      models: openModels,
      endpoint: openEndpoint,
    }),
  ),
);
