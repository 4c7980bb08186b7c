import { contextFromProcess, openSecrets, toFramework } from "@mrdata/runtime";
import { buildProbe } from "./build-probe.ts";

export const probe = toFramework(() =>
  buildProbe(contextFromProcess({ secrets: openSecrets }, ["MRDATA_WEBHOOK_URL"])),
);
