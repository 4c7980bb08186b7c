import { createReceive, toFramework } from "@mrdata/functions";
import { jsonLog } from "@mrdata/platform";

/** The deployed `receive` with everything but the bus: signature, parsing, logging, answering. */
export const receive = toFramework(async () =>
  createReceive({
    bus: { publish: async () => ({ messageId: "1" }) },
    secrets: { get: async () => process.env.MRDATA_WEBHOOK_SECRET ?? null },
    log: jsonLog((line) => process.stdout.write(line)),
  }),
);
