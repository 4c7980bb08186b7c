import type { Manifest } from "@mrdata/runtime";

/** It reads the ledger and the champion's model card, and can change nothing. */
export const reportManifest = {
  name: "report",
  trigger: { kind: "people" },
  needs: [
    {
      ledger: {
        timelines: "read",
        trackRecords: "read",
        decisions: "read",
        holds: "read",
        misses: "read",
        feedback: "read",
        checks: "read",
        settings: "read",
        aliases: "read",
        operations: "read",
        training: "read",
      },
    },
    { model: "read" },
  ],
  size: { memory: "512Mi", cpu: 1, concurrency: 8, maxInstances: 2, timeoutSeconds: 60 },
  wakesPeople: false,
  whileItFails:
    "While it does, no page is delayed by it: nobody can look at the report, and `mrdata report` writes it.",
} as const satisfies Manifest;
