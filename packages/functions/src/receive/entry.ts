import { contextFromProcess, MAX_BODY, openBus, openSecrets, toFramework } from "@mrdata/runtime";
import { buildReceive } from "./build-receive.ts";

// The framework parses JSON before this runs: a body that claims to be JSON and is not gets its 400
// (docs/decisions/0004).
export const receive = toFramework(
  () => buildReceive(contextFromProcess({ bus: openBus, secrets: openSecrets })),
  { mostBytes: MAX_BODY, refusedEvent: "webhook.refused" },
);
