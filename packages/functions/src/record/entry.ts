import { toFramework } from "../host/framework.ts";
import { openBus, openLedger } from "../host/openers.ts";
import { contextFromProcess } from "../host/process.ts";
import { buildRecord } from "./build-record.ts";

export const record = toFramework(() =>
  buildRecord(contextFromProcess({ bus: openBus, ledger: openLedger })),
);
