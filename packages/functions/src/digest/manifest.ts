import type { Manifest } from "@mrdata/runtime";

/** Runs on Monday morning. It reads the ledger and has one secret, the address that it posts to. */
export const digestManifest = {
  name: "digest",
  trigger: { kind: "schedule", cron: "0 7 * * 1" },
  needs: [
    {
      ledger: {
        timelines: "read",
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
    { secret: "digest-webhook" },
  ],
  size: { memory: "512Mi", cpu: 1, concurrency: 1, maxInstances: 1, timeoutSeconds: 120 },
  wakesPeople: false,
  whileItFails:
    "While it does, no page is delayed by it: Monday's message is missing, and `mrdata digest` makes it.",
} as const satisfies Manifest;
