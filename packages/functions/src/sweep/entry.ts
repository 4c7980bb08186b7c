import { contextFromProcess, openLedger, openModels, openSecrets, toFramework } from "@mrdata/runtime";
import { buildSweep } from "./build-sweep.ts";

export const sweep = toFramework(() =>
  buildSweep(
    contextFromProcess({ ledger: openLedger, secrets: openSecrets, models: openModels }, [
      "MRDATA_WEBHOOK_URL",
    ]),
  ),
);
