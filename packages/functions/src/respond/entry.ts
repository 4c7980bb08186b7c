import { toFramework } from "../host/framework.ts";
import { openBus, openLedger, openModels, openSecrets } from "../host/openers.ts";
import { contextFromProcess } from "../host/process.ts";
import { buildRespond } from "./build-respond.ts";

export const respond = toFramework(() =>
  buildRespond(
    contextFromProcess({ bus: openBus, ledger: openLedger, secrets: openSecrets, models: openModels }),
  ),
);
