import type { Manifest } from "@mrdata/runtime";

/** How often a probe is sent, milliseconds: `cron`. */
export const PROBE_EVERY_MS = 5 * 60_000;

export const probeManifest = {
  name: "probe",
  trigger: { kind: "schedule", cron: "*/5 * * * *" },
  needs: [{ secret: "probe-secret" }],
  size: { memory: "256Mi", cpu: 1, concurrency: 1, maxInstances: 1, timeoutSeconds: 30 },
  // A probe that does not arrive has an alarm of its own, whichever part of the path is broken.
  wakesPeople: false,
  whileItFails: "While it does, no page is delayed by it, and nobody is alerted when the way is broken.",
} as const satisfies Manifest;
