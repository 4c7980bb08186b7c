import { contextFromProcess, openBus, openLedger, toFramework } from "@mrdata/runtime";
import { buildRecord } from "./build-record.ts";

export const record = toFramework(() =>
  buildRecord(contextFromProcess({ bus: openBus, ledger: openLedger })),
);
