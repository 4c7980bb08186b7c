import { buildReceive } from "../host/build-receive.ts";
import { toFramework } from "../host/framework.ts";
import { openBus, openSecrets } from "../host/openers.ts";
import { contextFromProcess } from "../host/process.ts";

export const receive = toFramework(() =>
  buildReceive(contextFromProcess({ bus: openBus, secrets: openSecrets })),
);
