import { createReceive } from "@mrdata/functions";
import { jsonLog } from "@mrdata/platform";
import { mountedSecrets } from "@mrdata/platform/google/secrets";
import { toFramework } from "@mrdata/runtime";

/** The deployed `receive` with everything but the bus: signature, parsing, logging, answering. */
export const receive = toFramework(async () =>
  createReceive({
    bus: { publish: async () => ({ messageId: "1" }) },
    secrets: mountedSecrets({ env: { ...process.env } }),
    log: jsonLog((line) => process.stdout.write(line)),
  }),
);
