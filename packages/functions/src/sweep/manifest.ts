import type { Manifest } from "@mrdata/runtime";

/** One instance: two concurrent sweeps would page the same incidents. */
export const sweepManifest = {
  name: "sweep",
  trigger: { kind: "schedule", cron: "* * * * *" },
  needs: [
    {
      ledger: {
        timelines: "read",
        trackRecords: "read",
        decisions: "write",
        holds: "write",
        misses: "read",
        feedback: "write",
        checks: "write",
        settings: "write",
        aliases: "read",
        operations: "write",
      },
    },
    { model: "read" },
    { secret: "pagerduty-token" },
  ],
  size: { memory: "512Mi", cpu: 1, concurrency: 1, maxInstances: 1, timeoutSeconds: 120 },
  whileItFails:
    "While it does, nobody looks at what respond has missed: it waits until PagerDuty itself escalates it when the hold window ends. Nor are the checks of armed services and the miss budget kept.",
} as const satisfies Manifest;
