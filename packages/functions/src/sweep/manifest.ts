import type { Manifest } from "@mrdata/runtime";

/** One instance: two sweeps at a time would page side by side. */
export const sweepManifest: Manifest = {
  name: "sweep",
  trigger: { kind: "schedule", cron: "* * * * *" },
  needs: [{ ledger: "write" }, { model: "read" }, { secret: "pagerduty-token" }],
  size: { memory: "512Mi", cpu: 1, concurrency: 1, maxInstances: 1, timeoutSeconds: 120 },
  whileItFails:
    "While it does, nobody looks at what respond has missed: it waits until PagerDuty itself escalates it when the hold window ends. Nor are the checks of armed services and the miss budget kept.",
};
