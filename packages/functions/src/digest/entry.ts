import { contextFromProcess, openLedger, openSecrets, toFramework } from "@mrdata/runtime";
import { buildDigest } from "./build-digest.ts";

export const digest = toFramework(() =>
  buildDigest(contextFromProcess({ ledger: openLedger, secrets: openSecrets })),
);
