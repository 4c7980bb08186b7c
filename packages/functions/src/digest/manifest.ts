import type { Manifest } from "@mrdata/runtime";

/** Monday morning. It reads the ledger and has one secret, the address that it posts to. */
export const digestManifest: Manifest = {
  name: "digest",
  trigger: { kind: "schedule", cron: "0 7 * * 1" },
  needs: [{ ledger: "read" }, { secret: "digest-webhook" }],
  size: { memory: "512Mi", cpu: 1, concurrency: 1, maxInstances: 1, timeoutSeconds: 120 },
  wakesPeople: false,
  whileItFails:
    "While it does, no page is delayed by it: Monday's message is missing, and `mrdata digest` makes it.",
};
