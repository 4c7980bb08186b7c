import type { Manifest } from "@mrdata/runtime";
import { DEAD_TOPIC, LEDGER_SUBSCRIPTION, TOPIC } from "../names.ts";

export const recordManifest = {
  name: "record",
  trigger: { kind: "push", subscription: LEDGER_SUBSCRIPTION, topic: TOPIC },
  needs: [
    {
      ledger: {
        timelines: "write",
        decisions: "read",
        holds: "write",
        settings: "write",
        operations: "write",
      },
    },
    { publish: DEAD_TOPIC },
  ],
  // Few instances: within one, writers of the same record queue in memory; between two they conflict in the database.
  size: { memory: "512Mi", cpu: 1, concurrency: 80, maxInstances: 2, timeoutSeconds: 60 },
  whileItFails:
    "While it does, no page is delayed by it: events come again, and what the bot knows of the past stands still. In the end they are dead letters.",
} as const satisfies Manifest;
