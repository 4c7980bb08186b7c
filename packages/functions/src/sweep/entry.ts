import { toFramework } from "../host/framework.ts";
import { openLedger, openModels, openSecrets } from "../host/openers.ts";
import { contextFromProcess } from "../host/process.ts";
import { buildSweep } from "./build-sweep.ts";

export const sweep = toFramework(() =>
  buildSweep(
    contextFromProcess({ ledger: openLedger, secrets: openSecrets, models: openModels }, [
      "MRDATA_WEBHOOK_URL",
    ]),
  ),
);
